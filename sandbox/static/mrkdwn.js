// Slack's mrkdwn to nodes. Entities are un-escaped exactly once and only in text nodes.
import { h } from "./dom.js";
import { emoji, known, withDrawn } from "./emoji.js";
import { fullStamp, tokenDate } from "./dates.js";

// Double quotes and brackets count as an edge, letters and digits do not: 2*3*4 stays as it is.
const EDGE = /[\s\p{P}\p{S}]/u;
const MARKS = { "*": "strong", "_": "em", "~": "s" };
const SAFE = /^(https?:\/\/|mailto:|tel:)/i;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

export const unescape = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

// `ctx` = {people: Map, channels: Map, zone, now, me}
export function mrkdwn(text, ctx) {
  const out = document.createDocumentFragment();
  String(text ?? "").split("```").forEach((part, index, all) => {
    const closed = index < all.length - 1;
    if (index % 2 === 1 && closed) out.append(h("pre", {}, tokensOnly(part.replace(/^\n/, ""), ctx)));
    else paragraphs(index % 2 === 1 ? "```" + part : besideFence(part, index, all.length), ctx, out);
  });
  return out;
}

// The line break next to a fence belongs to the fence: it is no empty line of its own.
function besideFence(part, index, count) {
  const begun = index > 0 ? part.replace(/^\n/, "") : part;
  return index < count - 2 ? begun.replace(/\n$/, "") : begun;
}

function paragraphs(text, ctx, out) {
  if (text === "") return;
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const quoted = /^(&gt;|>)\s?/.exec(line);
    if (quoted) {
      quote ??= out.appendChild(h("blockquote"));
      quote.append(h("div", {}, line.length > quoted[0].length ? inline(line.slice(quoted[0].length), ctx) : "\u00a0"));
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    plainLine(line, ctx, out, index > 0 && !afterQuote);
  });
}

function plainLine(line, ctx, out, breakBefore) {
  const item = /^(\s*)([•◦▪-]|\d+\.)\s+/.exec(line);
  if (item) {
    const depth = item[1].length >= 2 ? " deep" : "";
    const mark = item[2] === "-" ? "•" : item[2];
    out.append(h("div", { class: `item${depth}` }, h("span", { class: "bullet" }, mark), h("span", {}, inline(line.slice(item[0].length), ctx))));
    return;
  }
  const previous = out.lastChild;
  if (breakBefore && !isBlock(previous)) out.append(h("br"));
  if (line === "" && isBlock(previous)) out.append(h("div", { class: "gap" }));
  out.append(...inline(line, ctx));
}

const isBlock = (node) => node instanceof HTMLElement && /^(DIV|PRE|BLOCKQUOTE)$/.test(node.tagName);

export function inline(text, ctx) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(...withDrawn(unescape(plain)));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = readAt(text, at, ctx);
    if (found) {
      flush();
      nodes.push(...[found.node].flat());
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function readAt(text, at, ctx) {
  const char = text[at];
  if (char === "<") return readToken(text, at, ctx);
  if (char === "`") return readCode(text, at, ctx);
  if (char === ":") return readEmoji(text, at);
  if (MARKS[char]) return readMark(text, at, ctx);
  return null;
}

function readCode(text, at, ctx) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: h("code", {}, tokensOnly(text.slice(at + 1, end), ctx)), end: end + 1 };
}

function readEmoji(text, at) {
  const hit = /^:([a-z0-9_+'-]+)(::skin-tone-\d)?:/.exec(text.slice(at, at + 90));
  if (!hit || !known(hit[1])) return null;
  return { node: emoji(hit[1]), end: at + hit[0].length };
}

function readMark(text, at, ctx) {
  const char = text[at];
  if (at > 0 && !EDGE.test(text[at - 1])) return null;
  if (/\s/.test(text[at + 1] ?? " ") || text[at + 1] === char) return null;
  const end = closingMark(text, at + 1, char);
  if (end < 0) return null;
  return { node: h(MARKS[char], {}, inline(text.slice(at + 1, end), ctx)), end: end + 1 };
}

function closingMark(text, from, char) {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "<") at = Math.max(at, text.indexOf(">", at));
    if (text[at] !== char || /\s/.test(text[at - 1])) continue;
    if (at + 1 === text.length || EDGE.test(text[at + 1])) return at;
  }
  return -1;
}

function readToken(text, at, ctx) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const node = token(text.slice(at + 1, end), ctx);
  return node && { node, end: end + 1 };
}

// What stands between < and >: a person, a channel, a broadcast, a date or a link; else plain text.
export function token(body, ctx) {
  const [target, label] = splitOnce(body, "|");
  if (/^@[UWB]\w+$/.test(target)) return mention(target.slice(1), label, ctx);
  if (/^#C\w+$/.test(target)) return channelLink(target.slice(1), label, ctx);
  if (/^!(here|channel|everyone)$/.test(target)) return h("span", { class: "mention broadcast" }, "@" + target.slice(1));
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, unescape(label ?? "@group"));
  if (target.startsWith("!date^")) return dateToken(target, label, ctx);
  if (SAFE.test(target)) return link(target, label, ctx);
  return null;
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function mention(id, label, ctx) {
  const name = ctx.people.get(id)?.name ?? (label ? unescape(label) : id);
  return h("span", { class: id === ctx.me ? "mention self" : "mention" }, "@" + name.replace(/^@/, ""));
}

function channelLink(id, label, ctx) {
  const channel = ctx.channels.get(id);
  const name = channel?.name ?? (label ? unescape(label) : "private channel");
  if (!channel) return h("span", { class: "mention" }, "#" + name);
  return h("button", { class: "mention link", type: "button", dataset: { goto: id } }, "#" + name);
}

function dateToken(target, fallback, ctx) {
  const [, epoch, pattern, url] = target.split("^");
  const seconds = Number(epoch);
  if (!Number.isFinite(seconds) || !pattern) return document.createTextNode(unescape(fallback ?? ""));
  const words = unescape(tokenDate(seconds, pattern, ctx.now, ctx.zone));
  const time = h("time", { title: fullStamp(seconds, ctx.zone) }, words);
  return url && SAFE.test(url) ? h("a", { href: unescape(url), target: "_blank", rel: "noopener noreferrer" }, time) : time;
}

function link(target, label, ctx) {
  const href = unescape(target);
  const words = label ? inline(label.replaceAll("<", "&lt;"), ctx) : href.replace(/^mailto:/, "");
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);
}

function tokensOnly(text, ctx) {
  return text.split(/(<[^>]*>)/).map((part) => {
    const node = part.startsWith("<") && part.endsWith(">") ? token(part.slice(1, -1), ctx) : null;
    return node ?? unescape(part);
  });
}

// plain_text objects: no formatting; names of emoji only, and entities once, as Slack does.
export function plainText(object) {
  const text = unescape(String(object?.text ?? object ?? ""));
  if (object?.emoji === false) return [text];
  return text.split(/(:[a-z0-9_+'-]+:)/).flatMap((part) => {
    const name = /^:([a-z0-9_+'-]+):$/.exec(part)?.[1];
    return name && known(name) ? [emoji(name)] : withDrawn(part);
  });
}

export function textObject(object, ctx) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, ctx) : plainText(object);
}
