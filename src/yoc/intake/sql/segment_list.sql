-- Who is named for which of the contract's lists, from the first day to the day after the last. Somebody whom neither the
-- persons nor the registrations file knows is a stranger and has no number.
CREATE OR REPLACE TABLE read_segment_list AS
SELECT k.row_number, p.person_id, CASE WHEN p.person_id IS NULL THEN k.person_key END AS stranger, named.bit,
       k.from_day, k.to_day,
       CASE WHEN k.person_key <> '' AND named.bit IS NULL THEN 'segment is no list of the contract'
            ELSE k.fault END AS fault
FROM kept_segment_list k
LEFT JOIN person_key p ON p.person_key = k.person_key
LEFT JOIN segment_bit named ON named.segment = k.segment
