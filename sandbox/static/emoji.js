// Names of the common emoji, and the ones drawn by ourselves (emoji.svg), because a
// machine without an emoji font would show boxes where the legend of a nudge stands.
import { h, svgUse } from "./dom.js";

export const QUICK = [
  ["white_check_mark", "Done"],
  ["eyes", "I'll take it"],
  ["zzz", "Snooze"],
  ["black_right_pointing_double_triangle_with_vertical_bar", "Skip"],
];

export const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten"];

export const MORE = ["+1", "tada", "heart", "star", "raised_hands", "pray", "rocket", "fire", "thinking_face", "x"];

const GLYPHS = {
  ...Object.fromEntries(NUMBERS.map((name, index) => [name, index < 9 ? `${index + 1}\uFE0F\u20E3` : "🔟"])),
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", eyes: "👀", zzz: "💤",
  black_right_pointing_double_triangle_with_vertical_bar: "⏭️", fast_forward: "⏩",
  "+1": "👍", "-1": "👎", tada: "🎉", heart: "❤️", star: "⭐", warning: "⚠️", x: "❌", bell: "🔔",
  no_bell: "🔕", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", alarm_clock: "⏰",
  hourglass_flowing_sand: "⏳", hourglass: "⌛", clock9: "🕘", seedling: "🌱", trophy: "🏆",
  speech_balloon: "💬", memo: "📝", bulb: "💡", pushpin: "📌", handshake: "🤝", rocket: "🚀", fire: "🔥",
  wave: "👋", pray: "🙏", raised_hands: "🙌", clap: "👏", thinking_face: "🤔", slightly_smiling_face: "🙂",
  smile: "😄", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊",
  moneybag: "💰", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", repeat: "🔁",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪",
  large_blue_circle: "🔵", black_circle: "⚫", phone: "☎️", telephone_receiver: "📞", email: "📧",
  envelope: "✉️", books: "📚", mag: "🔍", lock: "🔒", link: "🔗", gift: "🎁", sparkles: "✨",
  question: "❓", exclamation: "❗", information_source: "ℹ️", checkered_flag: "🏁", dart: "🎯",
  busts_in_silhouette: "👥", point_right: "👉", hammer_and_wrench: "🛠️", office: "🏢", ticket: "🎫",
};

const ALIASES = {
  thumbsup: "+1", thumbsdown: "-1", next_track_button: QUICK[3][0], track_next: QUICK[3][0],
  white_tick: "white_check_mark", calendar_spiral: "spiral_calendar_pad", large_red_circle: "red_circle",
};

const DRAWN = new Set([
  ...NUMBERS,
  "white_check_mark", "eyes", "zzz", QUICK[3][0], "+1", "tada", "heart", "star", "warning", "x", "bell",
  "date", "alarm_clock", "seedling", "trophy", "speech_balloon", "memo", "bulb", "pushpin", "rocket", "fire",
  "raised_hands", "pray", "thinking_face", "chart_with_upwards_trend", "large_green_circle",
  "large_yellow_circle", "red_circle", "white_circle", "large_blue_circle", "wave", "handshake",
  "arrow_right", "hourglass_flowing_sand", "repeat", "sparkles", "dart", "heavy_check_mark",
]);

const BARE = /\uFE0F/g;
const BY_GLYPH = new Map(Object.entries(GLYPHS).map(([name, glyph]) => [glyph.replace(BARE, ""), name]));
const DRAWN_GLYPHS = [...DRAWN].map((name) => [...GLYPHS[name].replace(BARE, "")].join("\\uFE0F?"));
const IN_TEXT = new RegExp(`(${DRAWN_GLYPHS.join("|")})\\uFE0F?`, "u");

export function plainName(name) {
  const bare = name.replace(/::skin-tone-\d$/, "");
  return ALIASES[bare] ?? bare;
}

export function known(name) {
  return plainName(name) in GLYPHS;
}

export function names() {
  return Object.keys(GLYPHS);
}

export function title(name) {
  return name === QUICK[3][0] ? "next track" : name.replaceAll("_", " ");
}

export function emoji(name) {
  const plain = plainName(name);
  const glyph = GLYPHS[plain];
  if (!glyph) return document.createTextNode(`:${name}:`);
  const picture = DRAWN.has(plain) ? svgUse(`/ui/static/emoji.svg#${plain}`, "drawn") : glyph;
  return h("span", { class: "emoji", role: "img", "aria-label": title(plain), title: `:${plain}:` }, picture);
}

// Splits text into strings and drawn emoji, so that ✅ in a legend looks the same everywhere.
export function withDrawn(text) {
  const parts = [];
  let rest = text;
  for (let hit = IN_TEXT.exec(rest); hit; hit = IN_TEXT.exec(rest)) {
    if (hit.index) parts.push(rest.slice(0, hit.index));
    parts.push(emoji(BY_GLYPH.get(hit[1].replace(BARE, ""))));
    rest = rest.slice(hit.index + hit[0].length);
  }
  if (rest) parts.push(rest);
  return parts;
}
