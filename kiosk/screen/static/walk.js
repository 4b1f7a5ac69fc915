// Walks a page of the venue by printed codes or two buttons: the kiosk tells each step, and the focus goes as a keyboard's would.
"use strict";

const GONE_AFTER_MS = 3000;
const AGAIN_MS = 1000;
const MOST = 0.8; // of the screen, so that what was last read is still there
const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
const PLACE = "walked";
const drawn = document.getElementById("keys");
let silence = 0;
let typed = null;
// Where the first step begins: a page that was just sent goes on where it was, but has chosen nothing yet.
let from = began();

function began() {
  const [path, place] = (window.sessionStorage.getItem(PLACE) || "").split(" ");
  if (path === window.location.pathname) return Number(place);
  const main = document.querySelector("main");
  return Math.max(0, controls().findIndex((each) => main && main.contains(each)));
}

// The drawn keys lie over the page: while they are there, they are all that there is.
function controls() {
  const within = drawn && !drawn.hidden ? drawn : document;
  return [...within.querySelectorAll(CONTROLS)].filter((each) => !each.disabled && each.getClientRects().length);
}

function go(by) {
  const all = controls();
  const at = all.indexOf(document.activeElement);
  const overKeys = drawn && !drawn.hidden;
  const begun = overKeys ? (by > 0 ? 0 : -1) : by > 0 ? from : from - 1;
  const place = at < 0 ? begun : at + by;
  if (!overKeys && turned(by, all[place])) return;
  const wanted = all[(place + all.length) % all.length];
  if (!wanted) return;
  document.body.classList.add("walked");
  wanted.focus({ preventScroll: true });
  wanted.scrollIntoView({ block: "center", behavior: "instant" });
}

// What has no control in it is read on the way to the next one, or to the end of the page.
function turned(by, wanted) {
  const high = window.innerHeight;
  const { scrollTop, scrollHeight } = document.documentElement;
  const room = by > 0 ? scrollHeight - high - scrollTop : scrollTop;
  if (room < 1) return false;
  if (wanted) {
    const { top, bottom } = wanted.getBoundingClientRect();
    if (by > 0 ? top < high * (1 + MOST / 2) : bottom > -high * MOST / 2) return false;
  }
  window.scrollBy({ top: by * high * MOST, behavior: "instant" });
  return true;
}

function choose() {
  const chosen = document.activeElement;
  if (!controls().includes(chosen)) return;
  window.sessionStorage.setItem(PLACE, `${window.location.pathname} ${controls().indexOf(chosen)}`);
  if (chosen.matches("select")) {
    chosen.selectedIndex = (chosen.selectedIndex + 1) % chosen.options.length;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (chosen.matches(".scroll")) {
    // A table that is wider than its page.
    const end = chosen.scrollLeft + chosen.clientWidth >= chosen.scrollWidth - 1;
    chosen.scrollTo({ left: end ? 0 : chosen.scrollLeft + chosen.clientWidth * MOST, behavior: "instant" });
  } else {
    chosen.click();
    if (drawn && drawn.hidden && drawn.contains(chosen)) typed.focus();
  }
}

function enter(digit) {
  const field = document.activeElement;
  if (field.matches("[data-keys]") && drawn.hidden) {
    field.click();
  }
  if (drawn && !drawn.hidden) drawn.querySelector(`[data-types="${digit}"]`).click();
}

function away() {
  if (!drawn || drawn.hidden) {
    home();
    return;
  }
  drawn.querySelector("[data-ends]").click();
  typed.focus();
}

// Only where there is an answer: a browser's own page of a kiosk that is gone would be there for good.
function home() {
  window.sessionStorage.removeItem(PLACE);
  fetch("/static/icon.svg").then(() => window.location.replace("/"), () => window.setTimeout(home, AGAIN_MS));
}

function listen() {
  window.clearTimeout(silence);
  silence = window.setTimeout(home, GONE_AFTER_MS);
}

// The field whose keys are there, also where a finger brought them.
document.addEventListener("click", ({ target }) => { typed = target.closest("[data-keys]") || typed; });
const STEPS = { forward: () => go(1), back: () => go(-1), choose, away };
const steps = new EventSource("/venue/walk");
steps.addEventListener("step", ({ data }) => { listen(); (STEPS[data] || (() => enter(data)))(); });
steps.addEventListener("beat", listen);
steps.addEventListener("home", home);
listen();
