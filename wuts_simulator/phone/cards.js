// One card per device: made once, then updated in place, so that typing is not disturbed.

const SESSIONS = {
  connected: ["Connected", "good"],
  connecting: ["Connecting", "busy"],
  disconnected: ["Disconnected", "bad"],
};

export function makeCard(template, id, act) {
  const element = template.content.firstElementChild.cloneNode(true);
  const part = (selector) => element.querySelector(selector);
  element.dataset.device = id;
  for (const action of ["scan", "scan-expired", "create-passkey", "give-up", "come-online", "drop", "unlink"]) {
    part(`.${action}`).addEventListener("click", () => act(action));
  }
  part(".code").addEventListener("submit", (event) => {
    event.preventDefault();
    act("enter-code", { code: part(".typed").value });
  });
  return { element, born: null, expires: [] };
}

export function updateCard(card, device, now) {
  const part = (selector) => card.element.querySelector(selector);
  const [words, tone] = stateOf(device);
  setText(part(".name"), device.name);
  setText(part(".tenant"), device.tenant);
  setText(part(".id"), device.id);
  setText(part(".state"), words);
  part(".state").className = `state ${tone}`;
  setText(part(".link"), linkWords(device));
  part(".link").hidden = waits(device) || device.asks_passkey;
  part(".passkey").hidden = !device.asks_passkey;
  part(".come-online").hidden = !device.phone_is_offline;
  part(".scan-expired").hidden = !device.has_expired_qr;
  part(".of-link").hidden = device.phone === null;
  part(".drop").disabled = device.session === "disconnected";
  card.expires = [];
  updateQr(card, part(".qr"), device, now);
  updateCode(card, part(".code"), device, now);
}

export function tick(card, now) {
  for (const { block, at, life } of card.expires) {
    const left = Math.max(0, at - now);
    setText(block.querySelector(".countdown"), left ? `${clock(left)} left` : "Expired");
    block.querySelector(".left").style.width = `${Math.min(100, (100 * left) / life)}%`;
  }
}

export function showProblem(card, words) {
  const problem = card.element.querySelector(".problem");
  problem.hidden = !words;
  setText(problem, words ?? "");
}

function updateQr(card, block, device, now) {
  block.hidden = device.qr === null;
  if (device.qr === null) {
    card.born = null;
    block.querySelector("img").removeAttribute("src");
    return;
  }
  card.expires.push({ block, at: now + device.qr.expires_in, life: device.qr.life });
  if (card.born === device.qr.born) return;
  card.born = device.qr.born;
  block.querySelector("img").src = `/phone/api/devices/${device.id}/qr.png?born=${card.born}`;
}

function updateCode(card, block, device, now) {
  block.hidden = device.code === null;
  if (device.code === null) {
    block.querySelector(".typed").value = "";
    return;
  }
  setText(block.querySelector(".text"), device.code.text);
  setText(block.querySelector(".for"), `for ${device.code.phone}`);
  card.expires.push({ block, at: now + device.code.expires_in, life: device.code.life });
}

function stateOf(device) {
  if (device.phone_is_offline) return ["Phone offline", "bad"];
  if (device.phone !== null) return SESSIONS[device.session];
  if (device.asks_passkey) return ["Asks for a passkey", "busy"];
  return waits(device) ? ["Waiting for a phone", "busy"] : ["Not linked", ""];
}

function waits(device) {
  return device.qr !== null || device.code !== null;
}

function linkWords(device) {
  if (device.phone !== null) return `Linked to ${device.phone}`;
  return "No QR and no code now. Ask the gateway for one and it appears here.";
}

function clock(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
