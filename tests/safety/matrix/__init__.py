"""The isolation matrix: every address, method and person against one table.

`doors/` says of each address what a person must have, `people.py` who has what,
`walk.py` tries all of it and `report.py` counts. What isn't declared fails.

A new address needs an entry in the file of its app in `doors/` (a new file: name it in
`doors/__init__.py`):

* the key is the address as the resolver writes it, the value one `Act` a method;
* the need is what the action requires: a right, ownership, being that person;
* an unsafe act carries a valid body, made of one side's own ids: the matrix proves that
  it works for who may, changes nothing for others, and that none of its ids can be
  replaced by another tenant's. `idle`: a valid request changes nothing here;
* ids of new kinds are made in `world.py`, for each side alike.
"""
