
function showChoices() {
  const counts = {};
  for (const device of board.devices) counts[device.state ?? "unknown"] = (counts[device.state ?? "unknown"] ?? 0) + 1;
  if (chosen.state && !counts[chosen.state]) counts[chosen.state] = 0;
  const states = Object.keys(words.states).filter((state) => counts[state] !== undefined);
  const list = find("#states"), kinds = states.join();
  if (list.dataset.kinds !== kinds) {
    list.dataset.kinds = kinds;
    const focused = document.activeElement?.dataset?.state;
    list.replaceChildren(...states.map((state) => {
      const one = make("button", "");
      one.type = "button";
      one.dataset.state = state;
      return one;
    }));
    if (focused) find(`[data-state="${focused}"]`, list)?.focus();
  }
  for (const one of list.children) {
    say(one, `${words.states[one.dataset.state]} (${count(counts[one.dataset.state])})`);
    one.setAttribute("aria-pressed", one.dataset.state === chosen.state);
  }
  const select = find("#account"), names = ["", ...board.accounts.map((one) => one.name)];
  find("#of-account").hidden = names.length < 3;
  if (select.dataset.names !== JSON.stringify([names, language])) {
    select.dataset.names = JSON.stringify([names, language]);
    select.replaceChildren(...names.map((name, place) => new Option(name || words.all_accounts, place ? place - 1 : "")));
  }
  select.value = chosen.account;
  if (select.selectedIndex < 0) select.value = chosen.account = "";
}

function showCount() {
  let shown = 0;
  for (const device of board.devices) shown += isWanted(rows.get(keyOf(device)) ?? { device, text: "" });
  const total = board.devices.length;
  const text = !total ? words.no_devices : !shown ? words.none_found
    : fill(words.counted, { count: count(shown), all: count(total) });
  say(find("#counted"), text);
}

const keyOf = (device) => `${device.account}\n${device.id}`;

// Draws the rows in order, a few in each frame, so that the page never stands still.
function* draw() {
  const list = find("#rows"), alerts = new Map(), keys = new Set();
  for (const alert of board.alerts) {
    if (alert.device_id === null) continue;
    const key = `${alert.account}\n${alert.device_id}`;
    alerts.set(key, [...(alerts.get(key) ?? []), alert]);
  }
  let next = list.firstElementChild;
  for (const device of board.devices) {
    const key = keyOf(device);
    keys.add(key);
    if (!rows.has(key)) rows.set(key, new Row());
    const row = rows.get(key), { node } = row;
    row.show(device, alerts.get(key) ?? []);
    if (next && next !== node && next.nextElementSibling === node) {
      const moved = next; // it is worth moving one that got better, not all that stand below it
      next = node;
      list.append(moved);
    }
    if (next === node) next = node.nextElementSibling;
    else list.insertBefore(node, next);
    yield;
  }
  for (const [key, row] of rows) {
    if (keys.has(key)) continue;
    row.node.remove();
    rows.delete(key);
  }
  showCount();
}

let work = null;
const isDrawing = () => "drawing" in find("#rows").dataset;
function redraw() {
  work = draw();
  if (isDrawing()) return;
  find("#rows").dataset.drawing = "";
  requestAnimationFrame(step);
}

function step() {
  const end = performance.now() + FRAME;
  while (performance.now() < end) {
    if (!work.next().done) continue;
    delete find("#rows").dataset.drawing;
    return;
  }
  requestAnimationFrame(step);
}

function show() {
  showWords();
  showFreshness();
  if (!board) return;
  showNotices();
  showAlerts();
  showChoices();
  redraw();
}

// What is heard of the service

const age = () => Math.max(Date.now() - heard.wall, performance.now() - heard.steady, heard.wall - Date.now());
const isLost = () => !heard || age() > STALE;
const isBack = () => isAsking && performance.now() - backAt < BACK; // a page that was put aside may ask first

function showFreshness() {
  const isLate = isLost() && isTried && !isBack(), time = heard && moment(heard.service, { second: "2-digit" });
  document.body.classList.toggle("lost", Boolean(isLate));
  say(find("#fresh"), isLate || denied ? "" : isLost() ? words.loading : fill(words.live, { time }));
  say(find("#lost"), denied ? words.denied : !isLate ? "" : heard ? fill(words.lost, { time }) : words.never);
}

// Returns the status and what was said, or null where nobody said anything that makes sense.
async function ask(address, known) {
  try {
    const headers = known ? { "If-None-Match": known } : {};
    const answer = await fetch(address, { headers, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    const said = answer.status === 200 ? await answer.json() : null;
    return { status: answer.status, said, tag: answer.headers.get("ETag") ?? "", time: Number(answer.headers.get("X-Board-Time")) };
  } catch { // no network, no service, or something else that answers in its place
    return null;
  }
}

async function poll() {
  if (isAsking) return;
  isAsking = true;
  clearTimeout(timer);
  const answer = await ask("board.json", tag);
  isAsking = false;
  timer = setTimeout(poll, document.hidden ? POLL_HIDDEN : POLL);
  take(answer);
  await pollUptime();
}

function take(answer) {
  isTried = true;
  denied = answer ? answer.status === 401 || answer.status === 403 : denied;
  if (denied) forget();
  const isGood = answer?.time && (answer.status === 304 || Array.isArray(answer.said?.devices));
  if (!isGood) return showFreshness();
  heard = { wall: Date.now(), steady: performance.now(), service: answer.time };
  ahead = answer.time - Date.now() / 1000;
  if (answer.status === 200) {
    board = answer.said;
    tag = answer.tag;
    show();
  } else showFreshness();
}

function forget() {
  board = null;
  tag = "";
  heard = null;
  rows.clear();
  for (const list of ["#rows", "#alerts", "#notices", "#states"]) find(list).replaceChildren();
  delete find("#states").dataset.kinds;
  delete showAlerts.signature;
  for (const period of Object.keys(uptimes)) delete uptimes[period];
}

async function pollUptime() {
  const { period } = chosen, known = (uptimes[period] ??= { at: 0 });
  if (!board?.history || known.isAsking || document.hidden || performance.now() < known.at) return;
  known.isAsking = true;
  const answer = await ask(`uptime.json?period=${period}`, known.tag);
  known.isAsking = false;
  known.failed = !answer || answer.status > 304;
  known.at = performance.now() + (known.failed ? POLL_FAILED : POLL_UPTIME);
  if (answer?.said?.accounts) Object.assign(known, { answer: answer.said, tag: answer.tag });
  if (board) show();
}

function tick() {
  if (document.hidden) return;
  showFreshness();
  if (!board) return;
  const moment = now();
  for (const row of rows.values()) if (!row.node.hidden) row.tick(moment);
}

function comeBack() {
  backAt = performance.now();
  poll();
  tick();
}

// What people do

function filterRows() {
  if (!board) return;
  for (const row of rows.values()) row.node.hidden = !isWanted(row);
  showChoices();
  showCount();
  const kept = Object.entries(chosen).filter(([, value]) => value !== "");
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}

document.addEventListener("click", ({ target }) => {
  const { state, period, language: wanted } = target.dataset ?? {};
  if (state) { chosen.state = chosen.state === state ? "" : state; filterRows(); }
  if (period) { chosen.period = period; filterRows(); show(); pollUptime(); }
  if (wanted) { language = wanted; words = WORDS[wanted]; remember("wuts-language", wanted); show(); }
  if (target.id === "more-alerts") { everyAlert = true; showAlerts(); find("#alerts-heading").focus(); }
});
find("#filter").addEventListener("input", ({ target }) => { chosen.text = target.value; filterRows(); });
find("#account").addEventListener("change", ({ target }) => { chosen.account = target.value; filterRows(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) comeBack(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) comeBack(); });

for (const [key, value] of new URLSearchParams(location.hash.slice(1))) if (Object.hasOwn(chosen, key)) chosen[key] = value;
if (!Object.hasOwn(words.periods, chosen.period)) chosen.period = "day";
if (!Object.hasOwn(words.states, chosen.state)) chosen.state = "";
find("#filter").value = chosen.text;
show();
setInterval(tick, 1000);
poll();
