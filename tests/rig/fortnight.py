"""A fortnight of Sóc Trăng of which figures are reckoned by hand, see `test_facts`."""

FORTNIGHT = """
    # Answered in time and rated; the rating is changed after the cut-off.
    11-02 08:00 | good operator: send roads
    11-02 08:05 | good operator: receive
    11-02 08:10 | good operator: dispatch A
    11-02 08:20 | good A.handler: accept
    11-04 10:00 | good A.handler: submit
    11-04 15:00 | good A.leader: approve
    11-05 09:00 | good operator: publish
    11-06 10:00 | good citizen: follow_up
    11-09 10:00 | good A.handler: answer
    11-12 09:00 | good citizen: rate 1
    # Returned in time by A; B is a day late: six working days end on the 11th.
    11-02 09:00 | back operator: send roads
    11-02 09:05 | back operator: receive
    11-02 09:10 | back operator: dispatch A
    11-02 15:00 | back A.handler: return_wrong
    11-03 08:00 | back operator: dispatch B
    11-03 08:10 | back B.handler: accept
    11-12 10:00 | back B.handler: submit
    11-12 16:00 | back B.leader: approve
    11-13 09:00 | back operator: publish
    # Returned late, then refused.
    11-03 07:40 | slow operator: send roads
    11-03 07:45 | slow operator: receive
    11-03 08:00 | slow operator: dispatch A
    11-05 09:00 | slow A.handler: return_wrong
    11-05 10:00 | slow operator: refuse incomplete
    # Sent back by the leader, then by the Centre: in time, whose day is given back.
    11-03 08:00 | again operator: send roads
    11-03 08:05 | again operator: receive
    11-03 08:30 | again operator: dispatch A
    11-03 08:40 | again A.handler: accept
    11-04 09:00 | again A.handler: submit
    11-04 14:00 | again A.leader: send_back
    11-05 09:00 | again A.handler: submit
    11-05 10:00 | again A.leader: approve
    11-06 15:00 | again operator: request_fix A
    11-10 09:00 | again A.handler: submit
    11-10 10:00 | again A.leader: approve
    11-10 15:00 | again operator: publish
    # Extended to the 12th, open on the 14th: due on the 13th at 17:00 as a whole.
    11-02 10:00 | more operator: send roads
    11-02 10:05 | more operator: receive
    11-02 10:10 | more operator: dispatch B
    11-02 10:20 | more B.handler: accept
    11-06 10:00 | more B.handler: request_extension 11-12
    11-06 11:00 | more operator: grant
    # Answered in the month before, taken up again, open.
    10-05 08:00 | taken operator: send roads
    10-05 08:05 | taken operator: receive
    10-05 08:10 | taken operator: dispatch A
    10-05 08:20 | taken A.handler: accept
    10-06 08:00 | taken A.handler: submit
    10-06 09:00 | taken A.leader: approve
    10-06 10:00 | taken operator: publish
    11-09 10:00 | taken operator: reopen
    11-09 10:30 | taken operator: dispatch A
    # Carried into the month, answered in it.
    10-13 08:00 | old operator: send roads
    10-13 08:05 | old operator: receive
    10-13 09:00 | old operator: dispatch A
    10-13 09:10 | old A.handler: accept
    10-19 09:00 | old A.handler: submit
    10-19 10:00 | old A.leader: approve
    10-20 08:00 | old operator: publish
    11-04 10:00 | old citizen: follow_up
    # Withdrawn; forwarded; an emergency.
    11-03 08:00 | gone operator: send roads
    11-03 09:00 | gone citizen: withdraw Thôi.
    11-04 08:00 | passed operator: send roads
    11-04 08:05 | passed operator: receive
    11-04 08:30 | passed operator: forward B
    11-05 10:00 | fire operator: send emergency_fire
    11-05 10:04 | fire operator: dispatch A
    11-05 10:10 | fire A.handler: accept
    11-05 12:00 | fire A.handler: submit 11-05 11:00
    11-05 14:00 | fire A.leader: approve
    11-06 09:00 | fire operator: publish
    # The same matter as the carried one: accepted, and refused after the period.
    11-12 09:00 | anew operator: again old
    11-12 09:10 | anew operator: receive
    # The last minute of the period, and the first of the next one.
    11-14 23:59 | last operator: send roads
    11-15 00:00 | first operator: send roads
"""
AFTERWARDS = """
    11-16 09:00 | good citizen: rate 3
    11-16 09:30 | more B.handler: submit
    11-16 10:00 | more B.leader: approve
    11-16 11:00 | more operator: publish
    11-17 09:00 | taken A.handler: return_wrong
    11-18 09:00 | good operator: reopen
    11-19 09:00 | old A.handler: answer
    11-20 09:00 | anew operator: refuse incomplete
    11-20 10:00 | last operator: refuse incomplete
"""
