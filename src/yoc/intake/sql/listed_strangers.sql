-- How many people the lists name whom neither the persons nor the registrations file knows. Never who.
SELECT count(DISTINCT stranger) AS people FROM read_segment_list WHERE fault = '' AND person_id IS NULL
