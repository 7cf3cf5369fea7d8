// rich_text blocks: what Slack's own editor sends, and what bots use for real lists.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { token } from "./mrkdwn.js";
import { tokenDate } from "./dates.js";

export function richText(block, ctx) {
  return (block.elements ?? []).map((element) => group(element, ctx));
}

function group(element, ctx) {
  const inside = () => element.elements.map((one) => leaf(one, ctx));
  const kinds = {
    rich_text_section: () => h("div", {}, inside()),
    rich_text_quote: () => h("blockquote", {}, inside()),
    rich_text_preformatted: () => h("pre", {}, inside()),
    rich_text_list: () => list(element, ctx),
  };
  return kinds[element.type]?.() ?? "";
}

function list(element, ctx) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const indent = element.indent ? `indent${Math.min(element.indent, 4)}` : "";
  return h(tag, { class: indent, start: element.offset ? element.offset + 1 : undefined }, element.elements.map((one) => h("li", {}, group(one, ctx))));
}

function leaf(one, ctx) {
  const kinds = {
    text: () => one.text,
    emoji: () => emoji(one.name),
    link: () => token(`${one.url}|${escaped(one.text ?? one.url)}`, ctx) ?? one.text ?? one.url,
    user: () => token(`@${one.user_id}`, ctx) ?? one.user_id,
    channel: () => token(`#${one.channel_id}`, ctx) ?? one.channel_id,
    broadcast: () => token(`!${one.range}`, ctx) ?? one.range,
    date: () => h("time", {}, tokenDate(one.timestamp, one.format, ctx.now, ctx.zone)),
  };
  return styled(kinds[one.type]?.() ?? "", one.style ?? {});
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function styled(content, style) {
  const tags = { code: "code", bold: "strong", italic: "em", strike: "s" };
  return Object.entries(tags).reduce((node, [key, tag]) => (style[key] ? h(tag, {}, node) : node), content);
}
