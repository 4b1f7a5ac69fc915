// Shows what the kiosk pushes, sends what people press, and says when the kiosk is gone.
"use strict";

const GONE_AFTER_MS = 900;
const OPENING_LIMIT_MS = 5000;
const ANSWER_LIMIT_MS = 10000;
const DOUBLE_TAP_MS = 700;
const SAME_SPOT_PX = 24;
const { stream, release, broken, told } = document.body.dataset;
const board = document.getElementById("board");
const gone = document.getElementById("gone");
const problem = document.getElementById("problem");
const spoken = document.getElementById("spoken");
const sending = new WeakSet();
let source = null;
let silence = 0;
let opening = null;
let said = "";
let tapped = null;
let left = null;
let shownTicket = "";

// --- what the kiosk pushes

function connect() {
  if (source) source.close();
  source = new EventSource(stream);
  source.addEventListener("state", (event) => { heard(); show(JSON.parse(event.data)); });
  source.addEventListener("beat", heard);
  source.addEventListener("error", () => { opening = null; lost(); });
  opening = performance.now();
  listen();
}

function heard() {
  opening = null;
  gone.hidden = true;
  board.inert = false;
  // Not from whoever began to type a number meanwhile: its end, and its Enter, would go to a button.
  if (left && left.isConnected && document.activeElement === document.body) left.focus();
  left = null;
  listen();
}

// What stands there is of before: it can be neither pressed nor read aloud until the kiosk is back.
function lost() {
  if (!gone.hidden) return;
  if (board.contains(document.activeElement)) left = document.activeElement;
  gone.hidden = false;
  board.inert = true;
}

function listen() {
  window.clearTimeout(silence);
  silence = window.setTimeout(unheard, GONE_AFTER_MS);
}

function unheard() {
  lost();
  // A stream that is still being opened is waited for: over a slow network one that is begun anew each time would never open.
  if (opening !== null && performance.now() - opening < OPENING_LIMIT_MS) listen();
  else connect(); // also a browser that was refused once does not do so by itself
}

function show(state) {
  if (state.release !== release) {
    window.location.reload();
    return;
  }
  // As a tap on that language: by its word alone, so that a language that is tapped here later stays.
  if (state.telling && state.telling !== told) {
    window.location.replace(`/?language=${state.language}&told=${encodeURIComponent(state.telling)}`);
    return;
  }
  // The PIN was entered by code or button for the venue's pages: this screen goes there, once for each ticket.
  if (state.ticket && state.ticket !== shownTicket) {
    shownTicket = state.ticket;
    goWith(state.ticket);
  }
  const focused = board.contains(document.activeElement) ? document.activeElement : null;
  const fresh = document.createElement("template");
  fresh.innerHTML = state.html;
  follow(board, fresh.content);
  // The number that was asked about is gone with its button: the next Tab begins at the new verdict, and an Enter
  // that a scanner types cannot confirm it.
  if (focused && document.activeElement !== focused) (board.querySelector("[tabindex]") || document.body).focus();
  speak(state);
}

function goWith(ticket) {
  const form = document.createElement("form");
  const field = document.createElement("input");
  Object.assign(form, { method: "post", action: "/venue/walk", hidden: true });
  Object.assign(field, { type: "hidden", name: "ticket", value: ticket });
  form.append(field);
  document.body.append(form);
  form.submit(); // of itself, so that it is not sent as what people press
}

// Makes `old` equal to `fresh` and keeps every element that stays: a finger on a button, the focus, what was scrolled.
function follow(old, fresh) {
  const all = [...fresh.childNodes].filter((node) => node.nodeType !== Node.TEXT_NODE || node.nodeValue.trim());
  all.forEach((wanted, place) => {
    const here = [...old.childNodes].slice(place).find((node) => isSame(node, wanted));
    if (!here) {
      old.insertBefore(wanted, old.childNodes[place] || null);
      return;
    }
    while (old.childNodes[place] !== here) old.childNodes[place].remove();
    if (here.nodeType === Node.TEXT_NODE) {
      if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
      return;
    }
    dress(here, wanted);
    follow(here, wanted);
  });
  while (old.childNodes.length > all.length) old.lastChild.remove();
}

function isSame(one, other) {
  return one.nodeName === other.nodeName && (one.dataset || {}).key === (other.dataset || {}).key;
}

function dress(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function speak(state) {
  const saying = state.spoken ? `${state.about} ${state.spoken}` : "";
  if (!spoken || saying === said) return;
  said = saying;
  complain("");
  spoken.replaceChildren(state.spoken);
}

// --- what people press

async function send(form) {
  if (sending.has(form)) return;
  sending.add(form);
  const fields = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    if (!answer.ok) complain((await answer.text()) || broken);
    else if (form.elements.number && form.elements.number.value === fields.get("number")) form.reset();
  } catch {
    complain(broken);
  } finally {
    sending.delete(form);
  }
}

function complain(text) {
  if (problem) problem.textContent = text;
}

// A double tap is one tap, also where the first has put another button under the finger.
document.addEventListener("click", (event) => {
  if (!event.detail) return; // a key, which presses what has the focus
  const { clientX: x, clientY: y, timeStamp: at } = event;
  const form = event.target.closest("form");
  const again = tapped && tapped.form && at - tapped.at < DOUBLE_TAP_MS && Math.hypot(x - tapped.x, y - tapped.y) < SAME_SPOT_PX;
  if (again && form !== tapped.form) event.preventDefault();
  tapped = { x, y, at, form: again ? tapped.form : form };
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  complain("");
  send(event.target);
});
document.addEventListener("input", () => complain(""));

connect();
