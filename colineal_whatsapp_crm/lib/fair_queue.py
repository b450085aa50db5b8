"""Taking work from queues that many share: whoever has much of it waiting keeps nobody else's from its turn."""

from collections import Counter
from functools import partial

from odoo.tools import SQL

from .guard import guard

#: So many times as much is looked at as is taken, for what another transaction has just now.
_SPARE = 2


def claim(cr, table, condition, limit, *, order=None, rooms=None, room=None, update=None):
    """The ids of rows that wait, locked for this transaction: one of each company in turn, of its senders in turn.

    table
        of the rows: as ``item`` in the SQL here, with a ``sender_id``.
    condition
        SQL, which rows wait.
    order
        SQL, whose turn it is among those of one sender; by default who came first.
    rooms
        {sender id: how many of its rows may be taken}; None: of each sender that is not named, by default `limit`.
    room
        the same as SQL on ``sender``; NULL where it does not matter.
    update
        SQL of what to set at once, without which they are only locked.

    Rows that another transaction has are left to it. A lost race is run again by the caller, and is nothing to report.
    """
    if limit < 1:
        return []
    rooms = dict(rooms or {})
    others = min(rooms.pop(None, limit), limit)
    room = room or SQL("NULL::bigint")
    # What is set at once must be no more than may be taken.
    most = SQL("COALESCE(named.most, %s)", others) if update else SQL("%s", limit * _SPARE)
    candidates = SQL(
        """SELECT array_agg(id ORDER BY turn, place, id) AS ids
             FROM (SELECT id, place, row_number() OVER (PARTITION BY company_id ORDER BY turn, place) AS turn
                     FROM (SELECT sender.company_id, head.id, head.turn, head.place
                             FROM (SELECT sender.id, sender.company_id, LEAST(%(most)s, %(room)s) AS most
                                     FROM whatsapp_sender sender
                                LEFT JOIN unnest(%(senders)s::int[], %(rooms)s::int[]) AS named(sender_id, most)
                                       ON named.sender_id = sender.id) sender
                       CROSS JOIN LATERAL (
                                  SELECT item.id, row_number() OVER (ORDER BY item.place, item.id) AS turn, item.place
                                    FROM (SELECT item.id, %(order)s AS place
                                            FROM %(table)s item
                                           WHERE item.sender_id = sender.id AND %(condition)s
                                        ORDER BY place, item.id
                                           LIMIT GREATEST(sender.most, 0)) item) head) heads
                 ORDER BY turn, place, id LIMIT %(candidates)s) fair""",
        table=SQL.identifier(table),
        condition=condition,
        order=order or SQL("item.id"),
        most=most,
        room=room,
        senders=list(rooms),
        rooms=list(rooms.values()),
        candidates=limit * _SPARE,
    )
    # An array, so that the rows are found by their ids however many the table has.
    claimed = SQL(
        """WITH fair AS MATERIALIZED (%(candidates)s)
           SELECT item.id, item.sender_id FROM %(table)s item
            WHERE item.id = ANY((SELECT ids FROM fair)::int[])
         ORDER BY array_position((SELECT ids FROM fair)::int[], item.id)
            LIMIT %(limit)s
              FOR NO KEY UPDATE OF item SKIP LOCKED""",
        candidates=candidates,
        table=SQL.identifier(table),
        limit=limit,
    )
    if update:
        claimed = SQL(
            "UPDATE %s SET %s WHERE id IN (SELECT id FROM (%s) claimed) RETURNING id, sender_id",
            SQL.identifier(table),
            update,
            claimed,
        )
    cr.execute(claimed, log_exceptions=False)
    taken, ids = Counter(), []
    for row_id, sender_id in cr.fetchall():
        taken[sender_id] += 1
        if taken[sender_id] <= rooms.get(sender_id, others) or update:
            ids.append(row_id)
    return ids


def begin(calls, lane, part, records, prepare, give_up):
    """Begin the calls to others that claimed records wait for. Commits before; returns how many records were touched.

    calls, lane
        the `thread_calls.Calls` under way, and which of them these are.
    part
        what this is, see `guard`.
    prepare
        a function of a record: None when there is nothing to call, or (call, what follows it, seconds to wait for it).
        It writes what keeps other workers from beginning the same meanwhile.
    give_up
        a function of a record that could not be prepared and the exception.
    """
    prepared = [(each, guard(each, part, prepare, each, otherwise=partial(give_up, each))) for each in records]
    # pylint: disable-next=invalid-commit
    records.env.cr.commit()
    for record, begun in prepared:
        if begun:
            call, then, seconds = begun
            calls.submit(lane, call, then, seconds=seconds, owner=record.sender_id.id)
    return len(records)
