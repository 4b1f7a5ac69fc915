// Keys for the PIN on a screen that has no keyboard; without scripts the plain field is there.
"use strict";

const pin = document.getElementById("pin");
const pad = document.querySelector(".pad");
if (pad) {
  pad.hidden = false;
  document.querySelector(".plain").hidden = true;
  pad.addEventListener("click", (event) => {
    const { digit } = event.target.dataset;
    if (digit === undefined) return;
    pin.value = digit ? (pin.value + digit).slice(0, pin.maxLength) : pin.value.slice(0, -1);
  });
}
