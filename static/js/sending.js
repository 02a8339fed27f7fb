// Sends the form in three steps: ask about personal data, show what was written, send it. The form stays on the page
// meanwhile, with its words and files, so that nothing is lost when the connection or the server fails.
// Whatever else the server answers is its own page: then the form is sent as if there were no script.
"use strict";

const PATIENCE = 5000;

function firstOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

async function findPersonalData(form) {
  const fields = new URLSearchParams({
    body: form.elements.body.value,
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(form.dataset.check, { method: "POST", body: fields, signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function setHidden(form, name, value) {
  let field = form.querySelector(`input[type=hidden][name=${name}]`);
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    form.append(field);
  }
  field.value = value;
}

function mend(area, first) {
  // The server counts code points, the browser UTF-16 units.
  const characters = Array.from(area.value);
  const start = characters.slice(0, first.start).join("").length;
  area.focus();
  area.setSelectionRange(start, start + characters.slice(first.start, first.end).join("").length);
}

function tellFindings(form, { keep, findings }, goOn) {
  const template = document.getElementById("personal-data");
  const notice = firstOf("personal-data");
  const characters = Array.from(form.elements.body.value);
  for (const { start, end, label } of findings) {
    const item = document.createElement("li");
    item.textContent = template.dataset.line
      .replace("{text}", () => characters.slice(start, end).join(""))
      .replace("{kind}", () => label);
    notice.querySelector("[data-findings]").append(item);
  }
  const holdsBlocked = findings.some(({ severity }) => severity === "block");
  notice.querySelector(`[data-for=${holdsBlocked ? "block" : "rest"}]`).hidden = false;
  notice.querySelector("[data-mend]").addEventListener("click", () => {
    notice.remove();
    mend(form.elements.body, findings[0]);
  });
  notice.querySelector("[data-keep]").addEventListener("click", () => {
    notice.remove();
    setHidden(form, "keeps_personal_data", keep);
    goOn();
  });
  template.before(notice);
  notice.focus();
}

// "redirect" when the server has the opinion, "page" when its answer is a page to look at, else what the trouble is.
async function post(form, fields) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      return { is: "redirect" };
    }
    if (answer.status === 413) {
      return { is: "large" };
    }
    if (answer.status === 429) {
      return { is: "often" };
    }
    if (answer.status === 503) {
      return { is: "busy" };
    }
    if (answer.status >= 500) {
      return { is: "server" };
    }
    return { is: "page", text: await answer.text() };
  } catch {
    return { is: "offline" };
  }
}

function reviewed(text) {
  return new DOMParser().parseFromString(text, "text/html").querySelector("[data-review]");
}

function nameFiles(section, files) {
  const line = section.querySelector("[data-review-files]");
  line.hidden = files.length === 0;
  line.querySelector("dd").textContent = Array.from(files, (file) => file.name).join(" · ");
}

class Sending {
  constructor(form, status) {
    this.form = form;
    this.status = status;
    this.isBusy = false;
    this.wasAsked = false;
    this.dialog = null;
    this.notice = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.alone(() => this.ask());
    });
    addEventListener("pageshow", (event) => event.persisted && this.rest());
    addEventListener("online", () => this.tellConnected());
  }

  // A second press while the first is under way does nothing.
  async alone(deed) {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    this.status.textContent = this.status.dataset.text;
    this.notice?.remove();
    if (!(await deed())) {
      this.isBusy = false;
      this.status.textContent = "";
    }
  }

  // Someone who comes back finds the form as it was, not the step after it.
  rest() {
    this.isBusy = false;
    this.status.textContent = "";
    this.dialog?.close();
  }

  async ask() {
    const keeps = document.getElementById("id_keeps_personal_data");
    if (!this.wasAsked && !keeps?.checked) {
      const answer = await findPersonalData(this.form);
      this.wasAsked = true;
      if (answer?.findings.length) {
        tellFindings(this.form, answer, () => this.alone(() => this.review()));
        return false;
      }
    }
    return this.review();
  }

  async review() {
    const files = this.form.elements.attachments.files;
    const fields = new FormData(this.form);
    fields.set("review", "1");
    if (files.length) {
      // The files stay here until the opinion is sent.
      fields.delete("attachments");
      fields.set("without_attachments", "on");
    }
    const answer = await post(this.form, fields);
    const section = answer.is === "page" && reviewed(answer.text);
    if (!section) {
      return this.follow(answer, "1");
    }
    nameFiles(section, files);
    this.open(document.importNode(section, true));
    return false;
  }

  open(section) {
    const dialog = firstOf("review");
    dialog.querySelector("[data-review-here]").replaceWith(section);
    dialog.querySelector("[data-send]").addEventListener("click", () => this.alone(() => this.send()));
    dialog.querySelector("[data-change]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.dialog = null;
    });
    this.form.after(dialog);
    this.dialog = dialog;
    dialog.showModal();
    dialog.scrollTop = 0;
  }

  async send() {
    this.form.querySelector("input[name=review]")?.remove();
    return this.follow(await post(this.form, new FormData(this.form)), "");
  }

  // Go where the answer leads, and tell whether the page is being left.
  follow(answer, review) {
    if (answer.is === "redirect") {
      location.assign(this.form.dataset.receipt);
      return true;
    }
    this.dialog?.close();
    if (answer.is === "page") {
      if (review) {
        setHidden(this.form, "review", review);
      }
      this.form.submit();
      return true;
    }
    this.tellTrouble(answer.is);
    return false;
  }

  tellTrouble(kind) {
    this.notice = firstOf("trouble");
    this.notice.querySelector(`[data-for=${kind}]`).hidden = false;
    this.notice.dataset.kind = kind;
    document.getElementById("trouble").before(this.notice);
    this.notice.focus();
  }

  tellConnected() {
    if (this.notice?.dataset.kind === "offline") {
      this.notice.querySelector("[data-for=offline]").hidden = true;
      this.notice.querySelector("[data-for=online]").hidden = false;
    }
  }
}

for (const status of document.querySelectorAll("[data-sending]")) {
  new Sending(status.closest("form"), status);
}
