/** Where whatever needs a fresh proof asks for it: one dialog for all who wait, and the same answer for each of them. */

/** Resolves true once the person has shown that it is them, false where they would not. */
type Prover = () => Promise<boolean>;

let prover: Prover | undefined;
let asking: Promise<boolean> | undefined;

/** Called by the dialog, which lives once on every page of a person. Gives back its end. */
export function onProofAsked(next: Prover): () => void {
  prover = next;
  return () => {
    if (prover === next) prover = undefined;
  };
}

/** False at once where nobody could answer: on a TV, for a guest, at the doors. */
export function askForProof(): Promise<boolean> {
  asking ??= (prover ? prover() : Promise.resolve(false)).finally(() => {
    asking = undefined;
  });
  return asking;
}
