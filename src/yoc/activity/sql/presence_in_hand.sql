-- The presence of the people in hand, who stand together in their order.
CREATE OR REPLACE TABLE presence_in_hand AS
SELECT person_id, test_day, from_day, to_day, host_id, segment_id
FROM presence
WHERE person_id >= (SELECT coalesce(min(person_id), 0) FROM person_in_hand)
  AND person_id <= (SELECT coalesce(max(person_id), -1) FROM person_in_hand)
