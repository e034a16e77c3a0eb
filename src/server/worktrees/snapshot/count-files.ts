/** Tells how many files are done, as they are: "1,204 of 20,000 files". */
export function countFiles(total: number, onProgress: ((detail: string) => void) | undefined): (count: number) => void {
  let done = 0;
  return (count) => {
    done += count;
    onProgress?.(`${done.toLocaleString("en")} of ${total.toLocaleString("en")} files`);
  };
}
