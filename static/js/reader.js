// Optional: every page works without it. It brings the theme buttons, the copy buttons and
// an honest open state of the rail.
(() => {
  const root = document.documentElement;
  const copied = document.currentScript.dataset.copied;

  const show = theme => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll(".theme button"))
      button.setAttribute("aria-pressed", button.value === (root.dataset.theme || "auto"));
  };

  // A browser that keeps nothing still switches, for this page.
  const kept = () => { try { return localStorage.theme } catch { return "auto" } };
  const keep = theme => { try { localStorage.theme = theme } catch {} };

  show(kept());
  addEventListener("storage", event => { if (event.key === "theme") show(event.newValue) });
  for (const box of document.querySelectorAll(".theme")) {
    box.hidden = false;
    box.addEventListener("click", event => {
      const theme = event.target.value;
      if (theme) { keep(theme); show(theme) }
    });
  }

  // Only a page that came over https may write to the clipboard.
  const copying = (button, text) => {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text());
      button.textContent = copied;
      setTimeout(() => button.textContent = label, 2000);
    });
  };
  for (const button of navigator.clipboard ? document.querySelectorAll(".copy") : []) {
    const lines = button.closest("figure").querySelectorAll(".line");
    copying(button, () => [...lines].map(line => line.textContent).join("\n"));
  }

  // Phones have a way to share of their own; elsewhere the address is copied.
  const share = document.querySelector(".share");
  const url = document.querySelector("link[rel=canonical]")?.href || location.href;
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => {
      navigator.share({ title: document.title, url }).catch(() => {});
    });
  } else if (share && navigator.clipboard) {
    share.textContent = share.dataset.copy;
    copying(share, () => url);
  }

  // Whoever has been at a form that signs in, and nobody else, is asked for: may they edit this?
  const edit = document.querySelector(".edit");
  if (edit && /(^|; )csrf=/.test(document.cookie))
    fetch(edit.href, { method: "HEAD", redirect: "manual" })
      .then(answer => { edit.hidden = answer.type !== "opaqueredirect" }, () => {});

  // Style sheets hold the rail open where it has room; the attribute tells assistive technology.
  const wide = matchMedia("(min-width: 78rem)");
  const rail = () => { for (const part of document.querySelectorAll(".rail details")) part.open = wide.matches };
  wide.addEventListener("change", rail);
  rail();
})();
