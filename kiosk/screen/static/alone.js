// On a screen that shows nothing but the page, the browser's tools for developers are not asked for: it would refuse them in a
// bubble over the page. All its other keys are taken away where it is started (systemd/kiosk-screen).
"use strict";

const alone = window.matchMedia("(display-mode: fullscreen)");
document.addEventListener("keydown", (event) => {
  const asksForTools = event.key === "F12" || (event.ctrlKey && event.shiftKey && "ijc".includes(event.key.toLowerCase()));
  if (alone.matches && asksForTools) event.preventDefault();
}, { capture: true });
