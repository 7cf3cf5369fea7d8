// The markdown block: the common part of Markdown (headings, lists, quotes, fences, inline marks).
import { h } from "./dom.js";
import { emoji, known, withDrawn } from "./emoji.js";
import { token, unescape } from "./mrkdwn.js";

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|__[^_]+__|~~[^~]+~~|\*[^*\s][^*]*\*|_[^_\s][^_]*_|\[[^\]]+\]\([^)\s]+\)|<[^>]+>|:[a-z0-9_+-]+:)/;

export function markdown(text, ctx) {
  const lines = String(text ?? "").split("\n");
  const out = [];
  while (lines.length) out.push(readBlock(lines, ctx));
  return out.filter(Boolean);
}

function readBlock(lines, ctx) {
  const line = lines[0];
  if (line.startsWith("```")) return fence(lines);
  if (/^#{1,6} /.test(line)) return h("h4", {}, inline(lines.shift().replace(/^#+ /, ""), ctx));
  if (/^> ?/.test(line)) return h("blockquote", {}, taken(lines, /^> ?/).map((one) => h("div", {}, inline(one, ctx))));
  if (/^\s*[-*+] /.test(line)) return h("ul", {}, taken(lines, /^\s*[-*+] /).map((one) => h("li", {}, inline(one, ctx))));
  if (/^\s*\d+[.)] /.test(line)) return h("ol", {}, taken(lines, /^\s*\d+[.)] /).map((one) => h("li", {}, inline(one, ctx))));
  if (/^(---|\*\*\*)\s*$/.test(line)) return lines.shift() && h("hr");
  lines.shift();
  return line.trim() ? h("p", {}, inline(line, ctx)) : null;
}

function taken(lines, mark) {
  const found = [];
  while (lines.length && mark.test(lines[0])) found.push(lines.shift().replace(mark, ""));
  return found;
}

function fence(lines) {
  lines.shift();
  const body = [];
  while (lines.length && !lines[0].startsWith("```")) body.push(lines.shift());
  lines.shift();
  return h("pre", {}, unescape(body.join("\n")));
}

function inline(text, ctx) {
  return text.split(INLINE).flatMap((part) => piece(part, ctx));
}

function piece(part, ctx) {
  const inner = (cut) => inline(part.slice(cut, -cut), ctx);
  const named = /^:([a-z0-9_+-]+):$/.exec(part);
  const linked = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
  if (part.length > 2 && /^`.*`$/.test(part)) return h("code", {}, unescape(part.slice(1, -1)));
  if (/^(\*\*.+\*\*|__.+__)$/.test(part)) return h("strong", {}, inner(2));
  if (/^~~.+~~$/.test(part)) return h("s", {}, inner(2));
  if (/^(\*.+\*|_.+_)$/.test(part)) return h("em", {}, inner(1));
  if (linked) return token(`${linked[2]}|${linked[1]}`, ctx) ?? part;
  if (/^<.+>$/.test(part)) return token(part.slice(1, -1), ctx) ?? unescape(part);
  if (named && known(named[1])) return emoji(named[1]);
  return withDrawn(unescape(part));
}
