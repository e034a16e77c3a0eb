import fc from "fast-check";

/** The same in every run, so that what fails was broken by a change. FUZZ_SEED looks elsewhere; fast-check prints it with what it finds. */
export const SEED = Number(process.env["FUZZ_SEED"] ?? 6);

fc.configureGlobal({ seed: SEED });
