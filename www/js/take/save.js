// Hands bytes and words over to the visitor: as a file, as an image, or on the clipboard.

/**
 * @param {string} name of the file
 * @param {BlobPart} content
 * @param {string} type
 */
export function save(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address over when the click returns, but not always read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Pixels of a picture for each of the page's: sharp on paper. */
const SCALE = 2;

/**
 * A drawing as PNG.
 * @param {string} svg with a width and a height
 */
export async function svgPng(svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await png(image.naturalWidth * SCALE, image.naturalHeight * SCALE, (context) =>
      context.drawImage(image, 0, 0, context.canvas.width, context.canvas.height),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * A figure of the page as PNG, as it was painted last, in sight or not: its canvas on paper, under
 * its name.
 * @param {Element} figure
 */
export function figurePng(figure) {
  const canvas = figure.querySelector("canvas");
  if (canvas === null) throw new Error("the figure has not been painted");
  const { color, fontFamily } = getComputedStyle(figure);
  const ratio = devicePixelRatio;
  const head = 32 * ratio;
  return png(canvas.width, canvas.height + head, (context) => {
    context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.fillStyle = color;
    context.font = `${13 * ratio}px ${fontFamily}`;
    context.fillText(figure.getAttribute("aria-label") ?? "", 8 * ratio, 20 * ratio);
    context.drawImage(canvas, 0, head);
  });
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(context: CanvasRenderingContext2D) => void} draw
 * @returns {Promise<Blob>}
 */
function png(width, height, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  const context = canvas.getContext("2d");
  return new Promise((resolve, reject) => {
    if (context === null) throw new Error("this browser has no 2D canvas");
    draw(context);
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error(`no picture of ${width} x ${height}`));
      else resolve(blob);
    });
  });
}
