// The key R covers what is ticked, unless it is switched off. Without this file the button does it.
"use strict";

const redact = document.getElementById("redact");
const choice = document.getElementById("redact-key");
const KEPT = "redact-key";

if (redact && choice) {
  choice.checked = localStorage.getItem(KEPT) !== "off";
  choice.closest(".key").hidden = false;
  choice.addEventListener("change", () => localStorage.setItem(KEPT, choice.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
    const isCombined = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    // The place of the key, not its letter: on a Thai keyboard R types another one.
    if (event.code === "KeyR" && choice.checked && !isTyping && !isCombined && !event.repeat) {
      event.preventDefault();
      redact.requestSubmit();
    }
  });
}
