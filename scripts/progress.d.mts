export declare const repository: string;
export declare function step<T>(label: string, work: () => Promise<T>): Promise<T>;
export declare function run(
  command: string,
  args: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<string>;
