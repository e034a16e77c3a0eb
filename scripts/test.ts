import { endDescendants } from "./editor/processes.ts";
import { buildBundles } from "./package-extension.ts";
import { step } from "./progress.mjs";
import { defaultTiers, quickTiers, tiers, type Count, type Print, type Tier } from "./tiers.ts";

const usage = `npm test [-- tier ...]: ${Object.keys(tiers).join(", ")}. Default: all but agents.`;

function isTier(word: string): word is Tier {
  return word in tiers;
}

async function runTier(tier: Tier, print: Print): Promise<Count> {
  print(`\n== ${tier}\n`);
  const startedAt = Date.now();
  const count = await tiers[tier](print).catch((error: unknown) => {
    print(`${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, failures: String(error) };
  });
  const verdict = count.failed === 0 ? "passed" : "FAILED";
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  print(`== ${tier} ${verdict}: ${count.passed} passed, ${count.failed} failed, ${seconds} s\n`);
  return count;
}

const say: Print = (text) => void process.stdout.write(text);

/** Runs a tier beside others: what it prints comes in one piece, once it has ended. */
async function runQuietly(tier: Tier): Promise<Count> {
  let printed = "";
  const count = await runTier(tier, (text) => (printed += text));
  say(printed);
  return count;
}

/** The quick ones at the same time, then one after the other. */
async function runAll(chosen: readonly Tier[]): Promise<ReadonlyMap<Tier, Count>> {
  const isQuick = (tier: Tier) => quickTiers.has(tier);
  const quick = chosen.filter(isQuick).map(async (tier) => [tier, await runQuietly(tier)] as const);
  const counts = new Map<Tier, Count>(await Promise.all(quick));
  for (const tier of chosen.filter((each) => !isQuick(each))) counts.set(tier, await runTier(tier, say));
  return counts;
}

async function main(words: readonly string[]): Promise<void> {
  const unknown = words.filter((word) => !isTier(word));
  if (unknown.length > 0) {
    console.error(`${unknown.join(", ")}: no such tier. ${usage}`);
    process.exitCode = 2;
    return;
  }
  const chosen = words.length > 0 ? words.filter(isTier) : defaultTiers;
  await step("Building", () => buildBundles({ tests: chosen.includes("editor") }));
  let total: Count = { passed: 0, failed: 0 };
  const reports: string[] = [];
  for (const [tier, { passed, failed, failures }] of await runAll(chosen)) {
    total = { passed: total.passed + passed, failed: total.failed + failed };
    if (failed > 0) reports.push(`${tier}: ${(failures ?? "").trim()}`);
  }
  // Once more at the end: of a long run, the end is what is read, and often all that is kept.
  if (reports.length > 0) console.log(`\n== failures\n${reports.join("\n\n")}\n== end of failures`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void endDescendants().then(() => process.exit(1)));
}
try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("\n0 passed, 1 failed");
  process.exitCode = 1;
}
