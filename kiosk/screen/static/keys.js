// Keys for a screen that has no keyboard: a finger on a field brings them; a real key, or a new verdict, sends them away.
"use strict";

const keys = document.getElementById("keys");
let field = null;
let before = "";

function verdictNow() {
  const shown = document.querySelector(".verdict");
  const desk = document.querySelector("[data-phase]");
  return shown ? shown.dataset.key : desk && desk.dataset.phase;
}

function bring(input) {
  field = input;
  before = verdictNow();
  keys.hidden = false;
}

function sendAway() {
  keys.hidden = true;
  field = null;
}

function type(sign) {
  const small = field.dataset.keys === "text" && field.value && !field.value.endsWith(" ");
  const typed = small ? sign.toLowerCase() : sign;
  field.value = sign ? (field.value + typed).slice(0, field.maxLength) : field.value.slice(0, -1);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("pointerdown", ({ target }) => {
  const input = target.closest("[data-keys]");
  if (input) bring(input);
  else if (!keys.contains(target) && !(field && field.form.contains(target))) sendAway();
});
// The field keeps the focus: a screen reader goes on reading it, and Enter sends it.
keys.addEventListener("pointerdown", (event) => event.preventDefault());
keys.addEventListener("click", ({ target }) => {
  if ("ends" in target.dataset) sendAway();
  else if (field && "types" in target.dataset) type(target.dataset.types);
});
document.addEventListener("keydown", ({ target, key }) => {
  if (key === "Escape" || target === field) sendAway();
});
const changing = document.getElementById("board");
if (changing) {
  new MutationObserver(() => { if (field && verdictNow() !== before) sendAway(); })
    .observe(changing, { subtree: true, childList: true, attributes: true });
}
