"""What a page cuts off, or would have scrolled sideways, as a script that the browser runs."""

CUT_OFF = """() => [document.documentElement, document.body, ...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && one.namespaceURI.endsWith("html"))
  .filter((one) => !one.closest(".unseen, .scroll > *, .short span, input"))
  .filter((one) => {
    const { overflowX, textOverflow, display } = getComputedStyle(one);
    const inline = display === "inline" || display.startsWith("table");
    return !inline && one.scrollWidth > one.clientWidth + 1 && (overflowX !== "auto" || one.matches("html, body"))
      && textOverflow !== "ellipsis";
  })
  .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""
"""Names each such element, with the width that it needs and the one that it has."""
