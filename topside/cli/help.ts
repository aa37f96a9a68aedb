export const HELP = `qsensor-mirror: keeps a verified copy of a vehicle's light sensor recordings

usage
  qsensor-mirror <address> --out <folder> [options]    mirror, and go on following
  qsensor-mirror verify <folder>                       check a mirror, without the vehicle

  <address> is where the vehicle's page is: http://blueos.local:9150 or, through
  BlueOS, http://blueos.local/extensionv2/qsensor

what is mirrored (default: every session)
  --session <id|active|latest>  one session · whatever is being recorded · the newest one
  --since <date>                sessions begun on or after a date, in UTC: 2025-11-12
                                or 2025-11-12T14:30:00Z. The vehicle's clock counts, and
                                may be months behind: what is recorded now is never left
                                out
  --once                        catch up and leave; without it the command stays, waits
                                for sessions, and outlasts a vehicle that disappears
                                (a single session by its id: leaves when it is complete)

how
  --out <folder>                where to; the layout is the vehicle's own: a folder for
                                each session with its chunks, metadata.json, events.jsonl
                                and manifest.jsonl
  --join <csv|parquet|none>     one file besides the chunks when a session has ended:
                                session.csv (default) or session.parquet
  --report                      report.html when a session has ended: the dive on two pages
                                to print, as one file that needs no script
  --tail, --no-tail             also follow the chunk being recorded, row by row, into
                                tail.jsonl: some 2 s are at risk then, not a whole chunk
                                (default; not with --once, nor with --bandwidth unless
                                asked for)
  --bandwidth <bits/s>          use no more of the tether for chunks: 200k, 1M, 1.5M
  --parallel <n>                downloads at a time, 1 to 16 (default 4)
  --give-up <seconds>           with --once: how long to try to reach the vehicle
                                (default 30)
  --to <s3://bucket/prefix>     a copy in an object store, too: Amazon's or any other that
                                speaks S3, as AWS_ENDPOINT_URL_S3, AWS_REGION and the other
                                AWS settings say; keys are
                                prefix/vehicle=.../date=.../session=.../chunk_00000.jsonl
  --vehicle <name>              the vehicle's name in those keys (default: its host name)
  --token <token>               the vehicle's API_TOKEN, where something in between asks for
                                it on every call; the vehicle itself does so only for
                                changes, and a mirror makes none. Better in the environment,
                                as QSENSOR_TOKEN: others see a command line
  --json                        one JSON object a line, for programs
  --help                        this text

Each chunk is received under another name (.download), its SHA-256 compared with the
vehicle's, synced to disk, and only then given its name. The command can be killed at any
moment and started again: it goes on where it was. One folder serves one command at a time.

exit codes
  0  done: everything asked for is here and sound
  1  verify found something missing or damaged; or with --once something could not be
     brought: lines that begin with "missing:" name it
  2  wrong usage
  3  --once: the vehicle was not reached; or what is at the address is none
  4  another qsensor-mirror uses the folder, or a recorder writes into it
  5  the folder can't be read or written (disk full, permissions)
  6  --once: there is no such session; verify: there is no session in the folder
  7  with --once: not everything is in the object store
  130, 143  ended by Ctrl-C or SIGTERM
`;
