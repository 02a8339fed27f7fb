// Goes on adding rows while the page is open. Without it, the button does the same, step by step.
"use strict";

(() => {
  const parts = () => [document.getElementById("progress"), document.getElementById("go-on")];

  async function step() {
    const [section, form] = parts();
    if (!form) return;
    const button = form.querySelector("button");
    button.disabled = true;
    let page;
    try {
      const body = new URLSearchParams(new FormData(form));
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      // The network or the server is away: the button lets a person try again.
      button.disabled = false;
      return;
    }
    const fresh = page.getElementById("progress");
    if (fresh && page.getElementById("go-on")) {
      section.replaceWith(document.adoptNode(fresh));
      step();
    } else {
      location.reload();
    }
  }

  step();
})();
