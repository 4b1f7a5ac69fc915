// Shows what the kiosk pushes, sends what people press, and says when the kiosk is gone.
"use strict";

const GONE_AFTER_MS = 900;
const board = document.getElementById("board");
const gone = document.getElementById("gone");
const spoken = document.getElementById("spoken");
let source = null;
let silence = 0;

function heard() {
  gone.hidden = true;
  window.clearTimeout(silence);
  silence = window.setTimeout(lost, GONE_AFTER_MS);
}

function lost() {
  gone.hidden = false;
  // A browser that was refused once does not try again by itself.
  connect();
}

function show(state) {
  const focused = document.activeElement && board.contains(document.activeElement) ? document.activeElement.id : "";
  board.innerHTML = state.html;
  if (focused) {
    const again = document.getElementById(focused) || document.getElementById("confirm");
    if (again) again.focus();
  }
  if (spoken && spoken.textContent !== state.spoken) spoken.textContent = state.spoken;
}

function connect() {
  window.clearTimeout(silence);
  if (source) source.close();
  source = new EventSource(document.body.dataset.stream);
  source.addEventListener("state", (event) => { heard(); show(JSON.parse(event.data)); });
  source.addEventListener("beat", heard);
  source.addEventListener("error", () => { gone.hidden = false; });
  silence = window.setTimeout(lost, GONE_AFTER_MS);
}

async function send(form) {
  const buttons = form.querySelectorAll("button");
  const fields = new URLSearchParams(new FormData(form));
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    if (answer.ok) {
      if (form.classList.contains("typed")) form.reset();
    } else if (answer.status === 400) {
      say(form, await answer.text());
    }
  } catch {
    gone.hidden = false;
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

function say(form, text) {
  const input = form.querySelector("input:not([type=hidden])");
  if (!input) return;
  input.setCustomValidity(text);
  input.reportValidity();
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});

connect();
