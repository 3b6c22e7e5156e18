/* Inside the frame of a product's page: says that it is there, and that Escape was pressed. Nothing
   else is told to the page around it. */
if (parent !== window) {
  parent.postMessage({ answerfirst: "ready" }, "*");
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") parent.postMessage({ answerfirst: "close" }, "*");
  });
}
