"""The listener's own data export: its plays, from the zip, a folder or single files.

`files` finds the histories, `reading` turns a file into cleaned columns (what is personal and of
no use to Sonic, such as IP addresses, is left out before anything is written), `capture` lands
them, `plays` says what a landed row means and which rows are the same play, `loading` appends
the plays that Bronze does not hold yet. `listeners` tells who was imported.
"""

SOURCE = "streaming_history"
