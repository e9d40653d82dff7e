"""The listener's own data export: its plays, from the zip, a folder or single files.

- `files` finds the histories and their kinds.
- `reading` turns a file into columns, and drops personal fields that Sonic does not need, such as
  IP addresses, before anything is written.
- `capture` lands them.
- `plays` defines in SQL what a landed item means, and which items are the same play.
- `load` appends the plays that Bronze does not have yet.
- `listeners` lists the imported listeners.
"""

SOURCE = "streaming_history"

# Why a valid file is not landed, or a valid item not loaded.
BEFORE, TWICE = "imported before", "twice in the export"
