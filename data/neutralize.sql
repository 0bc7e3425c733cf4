-- A copy of the database tells nobody anything.
UPDATE civic_gateway SET active = FALSE;
-- Its links do not lead to the site that it is a copy of.
DELETE FROM ir_config_parameter WHERE key = 'civic_report.base_url';
DELETE FROM ir_config_parameter
 WHERE key IN (
       'civic_report.follow_vapid_private_key', 'civic_report.follow_vapid_public_key'
 );
