// Asks once a second what there is to see, and carries out what is clicked.

import { makeCard, showProblem, tick, updateCard } from "./cards.js";

const POLL_MS = 1000;
const TICK_MS = 200;
const TYPING_PAUSE_MS = 200;

const byId = (id) => document.getElementById(id);
const cards = new Map();
let page = 1;
let newest = 0;
let typing;

const seconds = () => performance.now() / 1000;

async function request(path, options) {
  let answer;
  try {
    answer = await fetch(`/phone/api${path}`, options);
  } catch {
    throw new Error("The simulator is not responding. Is it still running?");
  }
  const body = await answer.json();
  if (!answer.ok) throw new Error(sentence(body.error));
  return body;
}

function post(path, body = {}) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-WUTS-Phone": "1" },
    body: JSON.stringify(body),
  });
}

async function refresh() {
  const turn = ++newest;
  const query = new URLSearchParams({ search: byId("search").value, page });
  try {
    const seen = await request(`/devices?${query}`);
    if (turn !== newest) return;
    notify(null);
    show(seen);
  } catch (error) {
    if (turn === newest) notify(error.message);
  }
}

function show(seen) {
  const now = seconds();
  page = seen.page;
  showGateway(seen.down_for);
  showCards(seen.devices, now);
  byId("pages").hidden = seen.pages < 2;
  byId("page").textContent = `${seen.page} of ${seen.pages} · ${seen.found} devices`;
  byId("previous").disabled = seen.page === 1;
  byId("next").disabled = seen.page === seen.pages;
  byId("empty").hidden = seen.found > 0;
  byId("empty").textContent = seen.total
    ? "No device matches."
    : "There is no device yet. Create one through the gateway and it appears here.";
}

function showGateway(downFor) {
  const state = byId("gateway-state");
  const down = downFor > 0;
  state.textContent = down ? `Gateway broken for ${Math.ceil(downFor)} s` : "Gateway up";
  state.className = `state ${down ? "bad" : "good"}`;
  byId("mend").hidden = !down;
  byId("break-form").hidden = down;
}

function showCards(devices, now) {
  const present = new Set(devices.map((device) => device.id));
  for (const [id, card] of cards) {
    if (present.has(id)) continue;
    card.element.remove();
    cards.delete(id);
  }
  const list = byId("devices");
  devices.forEach((device, place) => {
    const card = cards.get(device.id) ?? addCard(device.id);
    updateCard(card, device, now);
    tick(card, now);
    if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
  });
}

function addCard(id) {
  const card = makeCard(byId("card"), id, (action, body) => act(card, id, action, body));
  cards.set(id, card);
  return card;
}

async function act(card, id, action, body = {}) {
  const inputs = { ...body };
  if (["scan", "scan-expired"].includes(action)) inputs.phone = byId("phone").value;
  if (["scan", "enter-code"].includes(action)) inputs.then = byId("then").value;
  try {
    await post(`/devices/${encodeURIComponent(id)}/${action}`, inputs);
    showProblem(card, null);
  } catch (error) {
    showProblem(card, error.message);
  }
  await refresh();
}

async function steer(path, body) {
  try {
    await post(path, body);
  } catch (error) {
    notify(error.message);
    return;
  }
  await refresh();
}

function notify(words) {
  byId("notice").hidden = !words;
  byId("notice").textContent = words ?? "";
}

function sentence(words) {
  return words ? `${words[0].toUpperCase()}${words.slice(1)}.` : "Something went wrong.";
}

function turnTo(number) {
  page = number;
  refresh();
}

byId("search-form").addEventListener("submit", (event) => event.preventDefault());
byId("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => turnTo(1), TYPING_PAUSE_MS);
});
byId("previous").addEventListener("click", () => turnTo(page - 1));
byId("next").addEventListener("click", () => turnTo(page + 1));
byId("restart").addEventListener("click", () => steer("/restart"));
byId("mend").addEventListener("click", () => steer("/break", { seconds: 0 }));
byId("break-form").addEventListener("submit", (event) => {
  event.preventDefault();
  steer("/break", { seconds: byId("break-seconds").valueAsNumber });
});

setInterval(() => cards.forEach((card) => tick(card, seconds())), TICK_MS);

async function keepLooking() {
  if (!document.hidden) await refresh();
  setTimeout(keepLooking, POLL_MS);
}
keepLooking();
