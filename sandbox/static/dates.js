// Times as the person looking sees them: their zone, their "today" (the simulated one).

const LOCALE = "en-US";
const cache = new Map();

function format(options, zone) {
  const key = JSON.stringify(options) + zone;
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone }));
  return cache.get(key);
}

const show = (epoch, options, zone) => format(options, zone).format(new Date(epoch * 1000)).replaceAll("\u202f", " ");

const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };

export function dayKey(epoch, zone) {
  const parts = format(DAY, zone).formatToParts(new Date(epoch * 1000));
  const part = (type) => parts.find((p) => p.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

export function daysApart(epoch, now, zone) {
  return Math.round((Date.parse(dayKey(epoch, zone)) - Date.parse(dayKey(now, zone))) / 86400000);
}

const RELATIVE = { 0: "today", 1: "tomorrow", "-1": "yesterday" };

export const clockTime = (epoch, zone) => show(epoch, { hour: "numeric", minute: "2-digit" }, zone);

const LONG = { weekday: "long", month: "long", day: "numeric", year: "numeric" };
const MEDIUM = { month: "long", day: "numeric", year: "numeric" };
const SHORT = { month: "short", day: "numeric", year: "numeric" };

export function divider(epoch, now, zone) {
  const near = RELATIVE[daysApart(epoch, now, zone)];
  if (near === "today" || near === "yesterday") return near[0].toUpperCase() + near.slice(1);
  return show(epoch, { weekday: "long", month: "long", day: "numeric" }, zone);
}

export function fullStamp(epoch, zone) {
  return `${show(epoch, LONG, zone)} at ${clockTime(epoch, zone)}`;
}

export function barClock(epoch, zone) {
  const day = show(epoch, { weekday: "short", day: "numeric", month: "short", year: "numeric" }, zone);
  return `${day}, ${clockTime(epoch, zone)}`;
}

function pretty(epoch, now, zone, options) {
  return RELATIVE[daysApart(epoch, now, zone)] ?? show(epoch, options, zone);
}

export function ago(epoch, now) {
  const minutes = Math.round((now - epoch) / 60);
  const [count, unit] = pick(Math.abs(minutes));
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (count === 0) return "just now";
  return minutes >= 0 ? `${words} ago` : `in ${words}`;
}

function pick(minutes) {
  if (minutes < 60) return [minutes, "minute"];
  if (minutes < 60 * 36) return [Math.round(minutes / 60), "hour"];
  return [Math.round(minutes / 1440), "day"];
}

// The tokens of <!date^epoch^format|fallback>, as docs.slack.dev lists them.
export function tokenDate(epoch, pattern, now, zone) {
  const words = {
    date_num: () => dayKey(epoch, zone),
    date: () => show(epoch, MEDIUM, zone),
    date_short: () => show(epoch, SHORT, zone),
    date_long: () => show(epoch, LONG, zone),
    date_pretty: () => pretty(epoch, now, zone, MEDIUM),
    date_short_pretty: () => pretty(epoch, now, zone, SHORT),
    date_long_pretty: () => pretty(epoch, now, zone, LONG),
    time: () => clockTime(epoch, zone),
    time_secs: () => show(epoch, { hour: "numeric", minute: "2-digit", second: "2-digit" }, zone),
    ago: () => ago(epoch, now),
    day_divider_pretty: () => pretty(epoch, now, zone, LONG),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => (words[key] ? words[key]() : whole));
}
