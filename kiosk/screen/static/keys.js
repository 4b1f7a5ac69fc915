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
  document.body.classList.add("keyed"); // for good: a page that grew shorter would move from under a finger
  const own = input.getBoundingClientRect();
  const over = keys.getBoundingClientRect();
  // A field that they would lie on moves up, on a page that is as much longer (office.css).
  if (own.bottom > over.top && own.top < over.bottom) window.scrollBy({ top: own.bottom - over.top + 8, behavior: "instant" });
}

function sendAway() {
  keys.hidden = true;
  field = null;
}

function type(sign) {
  const small = field.dataset.keys === "text" && field.value && !field.value.endsWith(" ");
  const counts = field.dataset.keys === "count";
  if (counts && sign && !/[0-9]/.test(sign)) return;
  const typed = field.value + (small ? sign.toLowerCase() : sign);
  // A count has a value from the start: a digit comes in its place, two digits are the last two.
  const kept = counts ? typed.slice(-field.maxLength) : typed.slice(0, field.maxLength);
  field.value = sign ? kept : field.value.slice(0, -1);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("pointerdown", ({ target }) => {
  const others = target.closest("select");
  if (others || !(keys.contains(target) || (field && field.form.contains(target)))) sendAway();
});
// Not before the finger is up again: it would come up on a key that was not there when it went down.
document.addEventListener("click", ({ target }) => {
  const input = target.closest("[data-keys]");
  if (input) bring(input);
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
