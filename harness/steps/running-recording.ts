import { parseLog } from '../shell/protocol.js';
import type { Call } from '../stubs/call.js';
import { Reader, type RecordingOptions } from './recording.js';

/** What a log says of a run that goes on: each record is read once, however often somebody asks. */
export class RunningRecording {
  private reader: Reader;
  /** Bytes of the log whose records were read. */
  private length = 0;

  /** @param log what lies in it behind so many bytes. */
  constructor(private readonly log: (from: number) => Buffer, private readonly options: Pick<RecordingOptions, 'started' | 'readBig'>) {
    this.reader = this.anew();
  }

  /** The calls so far, in order. */
  calls(): readonly Call[] {
    this.readOn();
    return this.reader.calls;
  }

  /** A call by the id that its stub gave it. */
  callById(id: string): Call | undefined {
    this.readOn();
    return this.reader.callById(id);
  }

  private readOn(): void {
    for (const record of parseLog(this.log(this.length))) {
      const { type, fields } = record;
      this.length += `${type}${fields.length}`.length + 1;
      for (const { length } of fields) this.length += length + 1;
      if (type === 'X') this.reader = this.anew();
      else this.reader.read(record);
    }
  }

  private anew(): Reader {
    return new Reader({ ...this.options, exitCode: undefined });
  }
}
