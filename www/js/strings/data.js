// The words of what a data file should have been and what it was.

export const DATA = {
  answer: "an answer",
  file: "the file",
  more: "more",
  /** @param {number} code */
  status: (code) => `status ${code}`,
  /** @param {number} bytes */
  bytes: (bytes) => `${bytes} bytes`,
};
