// Keeps the wall of a meeting fresh: fetches the page again and takes its main part over, until somebody pauses it.
"use strict";

document.documentElement.classList.add("has-js");

const pause = document.querySelector("[data-pause]");
const fullscreen = document.querySelector("[data-fullscreen]");
const offline = document.querySelector("[data-offline]");
const every = Number(pause.dataset.seconds) * 1000;
let timer = 0;

async function refresh() {
  try {
    const response = await fetch(location.href, { cache: "no-cache", credentials: "omit" });
    if (!response.ok) {
      throw new Error(response.statusText);
    }
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("wall");
    const wall = document.getElementById("wall");
    // Who has paused meanwhile, or stands on a link, is not disturbed.
    if (timer && !wall.contains(document.activeElement) && fresh.innerHTML !== wall.innerHTML) {
      wall.replaceWith(fresh);
    }
    offline.textContent = "";
  } catch {
    offline.textContent = offline.dataset.text;
  }
}

function run(isRunning) {
  clearInterval(timer);
  timer = isRunning ? setInterval(refresh, every) : 0;
  pause.setAttribute("aria-pressed", String(!isRunning));
}

pause.addEventListener("click", () => run(!timer));
if (document.fullscreenEnabled) {
  fullscreen.addEventListener("click", () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
} else {
  fullscreen.remove();
}
// Who asked the device for less motion begins with a wall that stands still.
run(!matchMedia("(prefers-reduced-motion: reduce)").matches);
