"""The listener's own data export: its plays, from the zip, a folder or single files.

`files` finds the histories and tells their kinds, `reading` turns a file into cleaned columns (what
is personal and of no use to Sonic, such as IP addresses, is left out before anything is written),
`capture` lands them. `plays` says in SQL what a landed item means and which items are the same
play, `load` appends the plays that Bronze does not hold yet. `listeners` tells who was imported.
"""

SOURCE = "streaming_history"

# Why a file is not landed, or an item not loaded, that could be.
BEFORE, TWICE = "imported before", "twice in the export"
