// A small table of a visitor's own, as a file to be dropped; and where it goes on the page.

export const tab = (page, name) => page.getByRole("tab", { name }).click();
export const region = (page, name) => page.getByRole("region", { name });

export const flowers = (rows = 240) =>
  [
    "sepal,petal,colour,kind",
    ...Array.from({ length: rows }, (_, at) => {
      const kind = at % 3;
      const sepal = (5 + kind + Math.sin(at * 7) / 4).toFixed(2);
      const petal = (1.5 + 2 * kind + Math.cos(at * 5) / 4).toFixed(2);
      return [sepal, petal, ["blue", "pink"][at % 2], ["one", "two", "three"][kind]].join(",");
    }),
  ].join("\n");
export const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
