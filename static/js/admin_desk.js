// Ctrl+Enter (⌘+Enter) saves, wherever one types.
"use strict";

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".desk-form form");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
