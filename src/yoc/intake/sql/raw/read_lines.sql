-- Some rows of some files, read: codes and times as they were decided, counts in thousandths, sums in whole pence, and the
-- first field at fault. The codes of a row stand in `kind`, one number for each set of them; a person's place in `bucket`
-- is the same in every file, so that lines can be worked through some people at a time. The amount is the first of these that the profile names and the row fills: a total, a price and
-- its market forces payment, a price times the count. Values that a row may lack are left blank where they cannot be read.
WITH parsed AS (
    SELECT i.file_number, i.row_number,
           CASE WHEN nobody.person_key IS NULL THEN trim(i.person_key) ELSE '' END AS person_key,
           kind.kind, kind.point_of_delivery_rule, kind.fault AS kind_fault,
           coalesce(nullif(trim(i.cds_identifier), ''), trim(i.non_cds_identifier)) AS line_id,
           coalesce(nullif(trim(i.spell_identifier), ''), nullif(trim(i.attendance_identifier), ''),
                    trim(i.emergency_attendance_identifier)) AS episode_id,
           timed.day, timed.period, timed.period_rule, timed.period_fault, timed.date_fault, timed.date_order, timed.apart,
           began.day AS start_day, trim(i.start_date) AS start_text,
           upper(trim(i.practice_responsibility)) AS responsible, upper(trim(i.practice_registration)) AS registered,
           no_responsible.practice IS NULL AS is_responsible, no_registered.practice IS NULL AS is_registered,
           line_count(i.quantity) AS quantity,
           trim(i.total_cost) AS total_text, line_sum(i.total_cost, $places) AS total,
           trim(i.net_price) AS net_text, line_sum(i.net_price, $places) AS net,
           trim(i.market_forces) AS forces_text, line_sum(i.market_forces, $places) AS forces,
           trim(i.unit_price) AS price_text, line_sum(i.unit_price, $places) AS price,
           trim(i.supplier_price) AS supplier_text, line_sum(i.supplier_price, $places) AS supplier,
           trim(i.commissioner_price) AS charged_text, line_sum(i.commissioner_price, $places) AS charged,
           trim(i.home_delivery) AS delivery_text, line_sum(i.home_delivery, $places) AS delivery,
           upper(trim(i.vat)) AS vat
    FROM incoming i
    JOIN kind_decision kind
      ON kind.provider = i.provider AND kind.commissioner = i.commissioner
     AND kind.point_of_delivery = i.point_of_delivery AND kind.tariff_code = i.tariff_code
     AND kind.treatment_function = i.treatment_function AND kind.main_specialty = i.main_specialty
     AND kind.specialised_service = i.specialised_service AND kind.national_tariff = i.national_tariff
     AND kind.admission_method = i.admission_method AND kind.patient_classification = i.patient_classification
     AND kind.attended = i.attended AND kind.department_type = i.department_type
    JOIN time_decision timed
      ON timed.file_number = i.file_number AND timed.financial_year = i.financial_year
     AND timed.financial_month = i.financial_month AND timed.costing_period = i.costing_period
     AND timed.activity_date = i.activity_date
    JOIN start_decision began ON began.text = i.start_date
    LEFT JOIN nobody ON nobody.person_key = upper(trim(i.person_key))
    LEFT JOIN no_practice no_responsible ON no_responsible.practice = upper(trim(i.practice_responsibility))
    LEFT JOIN no_practice no_registered ON no_registered.practice = upper(trim(i.practice_registration))
), chosen AS (
    SELECT parsed.*,
           CASE WHEN $by_total AND total_text <> '' THEN 'total'
                WHEN $by_parts AND net_text <> '' AND forces_text <> '' THEN 'price and market forces'
                WHEN $by_product AND price_text <> '' THEN 'price × count'
                WHEN $by_none THEN 'none'
                ELSE 'blank' END AS amount_rule,
           CASE WHEN NOT finer_than(quantity, 3) THEN scaled(quantity, 3) END AS quantity_thousandths
    FROM parsed
)
SELECT file_number, row_number, person_key, CAST(hash(person_key) % 64 AS TINYINT) AS bucket, kind,
       CASE WHEN is_responsible THEN responsible ELSE '' END AS practice_responsibility,
       CASE WHEN is_registered THEN registered ELSE '' END AS practice_registration,
       CASE WHEN is_responsible THEN 'responsibility' WHEN is_registered THEN 'registration' ELSE 'none' END AS practice_rule,
       point_of_delivery_rule, line_id,
       CASE WHEN line_id = '' THEN 0 ELSE CAST(hash(line_id) % 9223372036854775807 AS BIGINT) + 1 END AS line_number,
       episode_id, start_day, day, period, apart, period_rule, quantity_thousandths,
       CASE amount_rule
            WHEN 'total' THEN scaled(total, $places)
            WHEN 'price and market forces'
                THEN CAST(half_away(CAST(scaled(net, 6) AS HUGEINT) + scaled(forces, 6), $parts_unit) AS BIGINT)
            WHEN 'price × count'
                THEN TRY_CAST(half_away(CAST(scaled(price, 6) AS HUGEINT) * quantity_thousandths, $parts_unit * 1000)
                              AS BIGINT)
            END AS submitted_pence,
       amount_rule, vat,
       scaled(supplier, $places) AS supplier_price_pence, scaled(charged, $places) AS commissioner_price_pence,
       scaled(delivery, $places) AS home_delivery_pence,
       CASE WHEN period_fault <> '' THEN period_fault
            WHEN kind_fault <> '' THEN kind_fault
            WHEN date_fault <> '' THEN date_fault
            WHEN quantity IS NULL THEN 'activity count is not a number'
            WHEN finer_than(quantity, 3) THEN 'activity count has more than three decimals'
            WHEN amount_rule = 'blank' THEN 'total cost is blank'
            WHEN amount_rule = 'total' AND total IS NULL THEN 'total cost is not a sum of money'
            WHEN amount_rule = 'price and market forces' AND (net IS NULL OR forces IS NULL)
                THEN 'price or market forces payment is not a sum of money'
            WHEN amount_rule = 'price and market forces' AND (finer_than(net, 6) OR finer_than(forces, 6))
                THEN 'price or market forces payment has more than six decimals'
            WHEN amount_rule = 'price × count' AND price IS NULL THEN 'unit price is not a sum of money'
            WHEN amount_rule = 'price × count' AND finer_than(price, 6) THEN 'unit price has more than six decimals'
            WHEN amount_rule = 'price × count'
                 AND abs(CAST(scaled(price, 6) AS HUGEINT) * quantity_thousandths) > 90000000000000000000000000
                THEN 'price times count is too large to be real'
            ELSE '' END AS fault,
       start_text <> '' AND start_day IS NULL AS blanked_start_date,
       supplier_text <> '' AND supplier IS NULL AS blanked_supplier_price,
       charged_text <> '' AND charged IS NULL AS blanked_commissioner_price,
       delivery_text <> '' AND delivery IS NULL AS blanked_home_delivery,
       date_order = 'other' AS dates_other, date_order = 'either' AS dates_either
FROM chosen
ORDER BY file_number, bucket, person_key, row_number
