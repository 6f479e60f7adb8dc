"use strict";
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector) => document.querySelectorAll(selector);
const WORDS = JSON.parse(find("#words").textContent);
const POLL = 2000, POLL_HIDDEN = 30000, POLL_UPTIME = 60000, POLL_FAILED = 5000, PATIENCE = 10000;
const BACK = 3000; // how long a page that was put aside may ask before it says that it is cut off
const STALE = 8000; // after so long without an answer, what is shown is no longer called live
const FRAME = 6; // milliseconds of each frame that drawing may take
const FIRST_ALERTS = 8;
const DAY = 86400;

let language = Object.hasOwn(WORDS, remembered("wuts-language")) ? remembered("wuts-language") : document.documentElement.lang;
let words = WORDS[language];
let board = null, tag = "", denied = false, everyAlert = false;
let heard = null; // when the service last answered, by both clocks of this machine and by its own
let ahead = 0; // seconds that the service's clock is ahead of this one
let timer = 0, isAsking = false, isTried = false, backAt = 0;
const uptimes = {}; // by period: what the service said, its tag, when it is worth asking again
const rows = new Map();
const chosen = { text: "", state: "", account: "", period: "day" };

// Words

function remembered(name) {
  try { return localStorage.getItem(name) ?? ""; } catch { return ""; } // a browser may forbid it
}

function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* it lasts as long as the page, then */ }
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const isolated = (text) => `\u2068${text}\u2069`; // a name may be written from right to left
const count = (number) => number.toLocaleString(language);
const now = () => Date.now() / 1000 + ahead;

function span(seconds) {
  let left = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [unit, length] of [["d", DAY], ["h", 3600], ["min", 60], ["s", 1]]) {
    const whole = Math.floor(left / length);
    if (whole || (unit === "s" && !parts.length)) parts.push(`${whole}\u00a0${words.units[unit]}`);
    if (parts.length === 2 || (parts.length && !whole)) break;
    left -= whole * length;
  }
  return parts.slice(0, 2).join(" ");
}

let formats = {};
function moment(seconds, style = {}) {
  const isFar = Math.abs(now() - seconds) > 20 * 3600;
  const kind = `${isFar}${Object.keys(style)}`;
  formats[kind] ??= new Intl.DateTimeFormat(language, {
    ...(isFar ? { day: "numeric", month: "short" } : {}), hour: "2-digit", minute: "2-digit", ...style });
  return formats[kind].format(seconds * 1000);
}

const share = (part) => (part === null ? words.uptime_unknown : new Intl.NumberFormat(language, {
  style: "percent", maximumFractionDigits: part > 0.99 ? 2 : 1 }).format(Math.floor(part * 1e4) / 1e4));

// Drawing: what is said is set as text, never as HTML

function make(tagName, css, ...content) {
  const one = document.createElement(tagName);
  if (css) one.className = css;
  one.append(...content);
  return one;
}

function say(node, text) { if (node.textContent !== text) node.textContent = text; }

function drawing(name, values) {
  const one = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(values)) one.setAttribute(key, value);
  return one;
}

// Each kind has a height of its own too: colours alone tell not everybody something.
const SHAPES = { up: [0, 10], part: [4, 6], down: [7, 3], none: [9, 1] };
const kindOf = (sign) => ({ 9: "up", 0: "down", "-": "none" })[sign] ?? "part";

function bars(cells) {
  const paths = { up: "", part: "", down: "", none: "" };
  for (let begin = 0, end = 0; begin < cells.length; begin = end) {
    const kind = kindOf(cells[begin]), [top, height] = SHAPES[kind];
    while (end < cells.length && kindOf(cells[end]) === kind) end += 1;
    paths[kind] += `M${begin} ${top}h${end - begin}v${height}h${begin - end}z`;
  }
  return Object.entries(paths).filter(([, path]) => path)
    .map(([kind, path]) => drawing("path", { class: kind, d: path }));
}

class Row {
  constructor() {
    this.name = make("bdi"); this.id = make("bdi"); this.account = make("bdi");
    this.accountPart = make("span", "", this.account, " · ");
    this.state = make("span", "state"); this.time = make("span", "time soft"); this.next = make("span", "time");
    this.more = make("p", ""); this.figures = make("p", "figures soft");
    this.strip = drawing("svg", { class: "strip", preserveAspectRatio: "none", role: "img", viewBox: "0 0 96 10" });
    this.uptime = make("div", "", this.strip, this.figures);
    this.node = make("li", "",
      make("div", "", make("p", "name", this.name), make("p", "id soft", this.accountPart, this.id)),
      make("div", "", make("p", "", this.state, " ", this.time, " ", this.next), this.more), this.uptime);
  }

  show(device, alerts) {
    const signature = JSON.stringify([device, alerts, language, board.accounts.length]);
    if (signature !== this.signature) {
      const isNews = this.device && this.device.state !== device.state;
      this.signature = signature;
      this.device = device;
      const account = board.accounts[device.account].name;
      this.text = `${device.name} ${device.label} ${account}`.toLowerCase();
      say(this.name, device.name); say(this.id, device.label); say(this.account, account);
      this.accountPart.hidden = board.accounts.length < 2;
      say(this.state, words.states[device.state ?? "unknown"]);
      this.since = device.since && moment(device.since);
      const said = alerts.map((alert) => [cause(alert), owner(alert)].filter(Boolean).join(" "));
      say(this.more, said.join(" "));
      const isMarked = !isNews && this.node.classList.contains("changed");
      this.node.className = `is-${device.state}${isMarked ? " changed" : ""}`;
      if (isNews) requestAnimationFrame(() => this.node.classList.add("changed")); // it begins again
    }
    this.showUptime();
    this.tick(now());
    this.node.hidden = !isWanted(this);
  }

  showUptime() {
    const answer = uptimes[chosen.period]?.answer;
    this.uptime.hidden = !board.history;
    const [cells, part, drops, longest] = answer?.accounts[this.device.account]?.[this.device.id] ?? ["-", null, 0, 0];
    const signature = [cells, part, drops, longest, language, chosen.period].join();
    if (signature === this.strips) return;
    this.strips = signature;
    this.strip.setAttribute("viewBox", `0 0 ${cells.length} 10`);
    this.strip.replaceChildren(...bars(cells));
    const values = { share: share(part), drops: count(drops), span: longest ? span(longest) : "–" };
    const known = part !== null;
    this.strip.setAttribute("aria-label", `${words.periods[chosen.period]}: ${known ? fill(words.uptime_label, values) : words.uptime_unknown}`);
    say(this.figures, known ? fill(words.uptime_short, values) : words.uptime_unknown);
  }

  tick(moment) {
    const { since, next_try: next, attempt } = this.device;
    say(this.time, since ? fill(words.since, { time: this.since, span: span(moment - since) }) : "");
    // Of a service that does not answer nobody knows what it tries.
    if (next === null || isLost()) return say(this.next, "");
    const left = next - moment;
    say(this.next, fill(left > 0 ? words.next_try : words.next_try_now, { attempt, span: span(left) }));
  }
}

function cause(alert) {
  if (!alert.cause) return "";
  const until = alert.cause_until ? ` ${fill(words.until, { time: moment(alert.cause_until) })}` : "";
  return words.causes[alert.cause] + until;
}

function owner(alert) {
  const said = [];
  const { acknowledged_by: who, acknowledged_at: at, note, mute } = alert;
  if (who !== null) said.push(fill(words.taken, { who: isolated(who), time: at ? moment(at) : "" }) + (note ? `: ${isolated(note)}` : "."));
  if (mute) {
    const text = mute.until ? words.muted : words.muted_until_recovered;
    said.push(fill(text, { who: isolated(mute.by), time: mute.until && moment(mute.until) }) + (mute.reason ? `: ${isolated(mute.reason)}` : "."));
  }
  return said.join(" ");
}

function alertNode(alert) {
  const account = make("bdi", "name", board.accounts[alert.account].name);
  const names = { account, device: make("bdi", "name", alert.device_name ?? "") };
  const about = board.accounts.length > 1 && alert.device_name ? [account, ": "] : [];
  about.push(...words.kinds[alert.kind].split(/\{(\w+)\}/).map((part, place) => (place % 2 ? names[part] : part)));
  const when = fill(words.since, { time: moment(alert.since), span: span(now() - alert.since) });
  const who = owner(alert);
  return make("li", who ? "" : "free",
    make("div", "", make("p", "", ...about, ", ", when), make("p", "soft", [cause(alert), words.steps[alert.next_step]].join(" ").trim())),
    make("p", "who", who || words.nobody));
}

// The page

function isWanted(row) {
  const { device, text } = row;
  return (!chosen.state || chosen.state === (device.state ?? "unknown"))
    && (chosen.account === "" || Number(chosen.account) === device.account)
    && text.includes(chosen.text.toLowerCase().trim());
}

function showWords() {
  document.documentElement.lang = language;
  formats = {};
  for (const node of all("[data-word]")) say(node, words[node.dataset.word]);
  for (const node of all("[data-label]")) node.setAttribute("aria-label", words[node.dataset.label]);
  for (const node of all("[data-language]")) node.setAttribute("aria-pressed", node.dataset.language === language);
  for (const node of all("[data-period]")) {
    say(node, words.periods[node.dataset.period]);
    node.setAttribute("aria-pressed", node.dataset.period === chosen.period);
  }
  find("#legend").replaceChildren(...Object.entries(SHAPES).map(([kind, [top, height]]) => {
    const swatch = drawing("svg", { class: `swatch ${kind}`, viewBox: "0 0 10 10", "aria-hidden": true });
    swatch.append(drawing("path", { d: `M0 ${top}h10v${height}h-10z` }));
    return make("span", "", swatch, words.legend[kind]);
  }), make("span", "", words.parts[chosen.period]));
}

function showNotices() {
  const said = [];
  for (const { name, role, state } of board.accounts) {
    const text = words.roles[role] ?? words.account_states[state];
    if (text) said.push(fill(text, { account: isolated(name) }));
  }
  if (!board.store_works) said.push(words.store_trouble);
  if (!board.history) said.push(words.no_history);
  const { answer, failed } = uptimes[chosen.period] ?? {};
  if (failed && board.history) said.push(fill(words.history_lost, { time: answer ? moment(answer.as_of) : "–" }));
  const list = find("#notices");
  if (list.textContent !== said.join("")) list.replaceChildren(...said.map((text) => make("li", "", text)));
  const listed = board.accounts.map((one) => one.listed_at).filter(Boolean); // the oldest is said
  say(find("#listed"), listed.length ? fill(words.listed, { time: moment(Math.min(...listed), { second: "2-digit" }) }) : "");
  find("#legend").hidden = !board.history;
  find(".choice").hidden = !board.history;
}

function showAlerts() {
  const { alerts } = board, free = alerts.filter((one) => !owner(one)).length;
  document.title = free ? `(${free}) ${words.title}` : words.title;
  say(find("#alert-count"), alerts.length ? `(${count(alerts.length)})` : "");
  const none = find("#no-alerts"), more = find("#more-alerts");
  none.hidden = alerts.length > 0;
  say(none, words.no_alerts);
  more.hidden = everyAlert || alerts.length <= FIRST_ALERTS;
  say(more, fill(words.all_alerts, { count: count(alerts.length) }));
  const shown = everyAlert ? alerts : alerts.slice(0, FIRST_ALERTS);
  const minute = Math.floor(now() / 60), signature = JSON.stringify([shown, language, minute, board.accounts.map((one) => one.name)]);
  if (signature === showAlerts.signature) return;
  showAlerts.signature = signature;
  find("#alerts").replaceChildren(...shown.map(alertNode));
}
