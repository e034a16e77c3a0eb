/** Grows when a client and a gateway of different builds could misunderstand each other. */
export const GATEWAY_PROTOCOL = 5;

declare const TALLY_VERSION: string | undefined;

/** The package's version, put in by the build; sources run unbuilt call themselves "dev". */
export const version: string = typeof TALLY_VERSION === "string" ? TALLY_VERSION : "dev";

/** The port the gateway asks for first. It is also OpenTelemetry's, so it may well be taken. */
export const DEFAULT_PORT = 4317;
