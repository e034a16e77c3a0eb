import { config } from "zod";

// Compiling schemas pays off for those that parse without end; it costs start-up time and memory, and these processes are small.
config({ jitless: true });
