// Keeps what is being written: in this tab for half an hour or, when asked to, on this device for a week.
// Names and ways to reach somebody are never among it. What the server gave back is never written over.
"use strict";

const DRAFT = "draft";
const WANTED = "draft-wanted";
const DRAFTED = ["body", "kind", "about", "goal", "stance", "meeting", "sector", "district"];
const MINUTE = 60_000;
const LASTS = { tab: 30 * MINUTE, device: 7 * 24 * 60 * MINUTE };
const PAUSE = 400;

// A browser may refuse to keep anything; then there is no draft, and nothing else is missing.
function storageOf(name) {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
}

const inTab = storageOf("sessionStorage");
const onDevice = storageOf("localStorage");

function forgetDraft() {
  inTab?.removeItem(DRAFT);
  onDevice?.removeItem(DRAFT);
}

function readDraft(storage, lasts) {
  try {
    const draft = JSON.parse(storage.getItem(DRAFT));
    const age = Date.now() - draft.at;
    return age >= 0 && age < lasts && typeof draft.said.body === "string" ? draft : null;
  } catch {
    return null;
  }
}

function startDraft(form, part) {
  const wanted = part.querySelector("input");
  const isWanted = () => wanted.checked;
  let wait = 0;

  function save() {
    clearTimeout(wait);
    wait = 0;
    forgetDraft();
    const all = new FormData(form);
    const said = Object.fromEntries(DRAFTED.map((name) => [name, all.get(name) ?? ""]));
    // A tab that leads to a meeting may be passed on in the hall.
    const storage = isWanted() ? onDevice : part.dataset.draft === "tab" ? inTab : null;
    if (said.body.trim()) {
      try {
        storage?.setItem(DRAFT, JSON.stringify({ at: Date.now(), said }));
      } catch {
        // The place is full: the draft is not kept.
      }
    }
  }

  function put(said) {
    for (const name of DRAFTED) {
      const field = form.elements[name];
      const isChosenByLink = new URLSearchParams(location.search).has(name) && field.value;
      if (typeof said[name] === "string" && !isChosenByLink) {
        const before = field.value;
        field.value = said[name];
        // A goal or a meeting may be gone since.
        if (field.selectedIndex === -1) {
          field.value = before;
        }
        if (field instanceof HTMLSelectElement) {
          field.dispatchEvent(new Event("change", { bubbles: true }));
        }
      }
    }
    form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function tell(at) {
    const notice = document.getElementById("draft-back").content.firstElementChild.cloneNode(true);
    const time = notice.querySelector("time");
    time.textContent = new Intl.DateTimeFormat(`${document.documentElement.lang}-u-ca-buddhist`, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(at);
    time.dateTime = new Date(at).toISOString();
    notice.querySelector("[data-discard]").addEventListener("click", () => {
      forgetDraft();
      notice.remove();
      form.reset();
      form.elements.body.dispatchEvent(new Event("input"));
      clearTimeout(wait);
      form.elements.body.focus();
    });
    form.before(notice);
  }

  wanted.checked = onDevice?.getItem(WANTED) === "yes";
  part.hidden = !onDevice;
  wanted.addEventListener("change", () => {
    if (isWanted()) {
      onDevice.setItem(WANTED, "yes");
    } else {
      onDevice.removeItem(WANTED);
    }
    save();
  });
  form.addEventListener("input", (event) => {
    if (DRAFTED.includes(event.target.name)) {
      clearTimeout(wait);
      wait = setTimeout(save, PAUSE);
    }
  });
  addEventListener("pagehide", () => wait && save());

  const kept = readDraft(onDevice, LASTS.device) ?? readDraft(inTab, LASTS.tab);
  if (!kept) {
    forgetDraft();
  } else if (!form.dataset.bound && !form.elements.body.value) {
    put(kept.said);
    tell(kept.at);
  }
}

for (const part of document.querySelectorAll("[data-draft]")) {
  startDraft(part.closest("form"), part);
}
if (document.getElementById("receipt-secret")) {
  forgetDraft();
}
