-- Who is named for which of the contract's lists, from the first day to the day after the last; blank dates have no end.
-- Somebody whom neither the persons nor the registrations file knows is a stranger and has no number.
CREATE TABLE read_segment_list AS
SELECT f.row_number, p.person_id, CASE WHEN p.person_id IS NULL THEN trim(f.person_key) END AS stranger, named.bit,
       CASE WHEN trim(coalesce(f.from_date, '')) = '' THEN $open_start ELSE started.day END AS from_day,
       CASE WHEN trim(coalesce(f.to_date, '')) = '' THEN $open_end ELSE ended.day + 1 END AS to_day,
       CASE WHEN trim(f.person_key) = '' THEN 'person key is blank'
            WHEN named.bit IS NULL THEN 'segment is no list of the contract'
            WHEN started.day IS NULL AND trim(coalesce(f.from_date, '')) <> '' THEN 'from date is not a date'
            WHEN ended.day IS NULL AND trim(coalesce(f.to_date, '')) <> '' THEN 'to date is not a date'
            WHEN ended.day < started.day THEN 'to date is before the from date'
            ELSE '' END AS fault
FROM segment_lists_file f
LEFT JOIN person_key p ON p.person_key = trim(f.person_key)
LEFT JOIN segment_bit named ON named.segment = trim(f.segment)
LEFT JOIN date_text started ON started.text = f.from_date
LEFT JOIN date_text ended ON ended.text = f.to_date
