/* Help inside a product: opens the help center beside the page on which a link with data-help was
   pressed. Without this script, or where the page may not show it, the link leads there by itself.
   <a href="PORTAL/help/orders.list" data-help>Help</a>
   <script src="PORTAL/widget/v1.js" async></script> */
(() => {
  "use strict";
  const portal = new URL(document.currentScript.src).origin;
  const PATIENCE_MS = 5000;
  const NARROW = "(max-width: 480px)";
  let panel, frame, link, waiting;

  const dress = (element, style) => Object.assign(element.style, style);

  function build() {
    panel = document.createElement("dialog");
    panel.setAttribute("aria-label", "Help");
    frame = document.createElement("iframe");
    frame.title = "Help";
    frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    const shut = document.createElement("button");
    shut.type = "button";
    shut.textContent = "Close help";
    shut.addEventListener("click", close);
    dress(shut, { font: "600 16px system-ui, sans-serif", color: "CanvasText", background: "Canvas", border: "0", minHeight: "44px", padding: "0 16px", textAlign: "end", cursor: "pointer", flex: "none", outlineOffset: "-3px" });
    dress(frame, { border: "0", width: "100%", flex: "1", colorScheme: "normal" });
    panel.append(shut, frame);
    panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
    document.body.append(panel);
  }

  function place() {
    const narrow = matchMedia(NARROW).matches;
    dress(panel, {
      display: "flex", flexDirection: "column", position: "fixed", zIndex: "2147483000", margin: "0", padding: "0",
      boxSizing: "border-box", maxWidth: "none", maxHeight: "none", overflow: "hidden", colorScheme: "light dark",
      color: "CanvasText", background: "Canvas",
      inset: narrow ? "0" : "auto 16px 16px auto", width: narrow ? "100%" : "400px",
      height: narrow ? "100%" : "min(640px, calc(100% - 32px))",
      border: narrow ? "0" : "1px solid GrayText", borderRadius: narrow ? "0" : "6px",
    });
  }

  function addressOf(to) {
    const asked = new URL(to.href);
    const shown = new URL("/widget", portal);
    shown.search = asked.search;
    if (asked.pathname.startsWith("/help/")) shown.searchParams.set("key", decodeURIComponent(asked.pathname.slice(6)));
    return shown.href;
  }

  function open(from) {
    if (!panel) build();
    link = from;
    place();
    if (!panel.open) panel.show();
    frame.src = addressOf(from);
    clearTimeout(waiting);
    waiting = setTimeout(() => location.assign(from.href), PATIENCE_MS);
  }

  function close() {
    clearTimeout(waiting);
    panel.close();
    panel.style.display = "none";
    frame.removeAttribute("src");
    link.focus();
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("a[data-help]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!pressed || pressed.origin !== portal || !plain || event.defaultPrevented) return;
    event.preventDefault();
    open(pressed);
  });

  addEventListener("message", (event) => {
    if (event.origin !== portal || event.source !== frame?.contentWindow) return;
    if (event.data?.answerfirst === "ready") {
      clearTimeout(waiting);
      frame.focus();
    }
    if (event.data?.answerfirst === "close") close();
  });

  matchMedia(NARROW).addEventListener("change", () => panel?.open && place());
})();
