import init, { Session } from "mole";
await init();
const session = await Session.open("cpu");
session.start({ plan: "vectors/matrix", seed: 7, epochs: 5 }, {});
let trained;
while (trained === undefined) {
  await new Promise(requestAnimationFrame);
  trained = (await session.advance(10)).find((event) => event.type === "stage-finished");
}
document.body.append(`I(T;X): ${trained.objective.toFixed(3)} bits, weights: ${trained.fingerprint}`);
