# Makes Redmine's database in one process of Rails: schema, default data, REST switched on, no mail,
# projects and a custom field. The last line that it prints is the administrator's API key.
connection = ActiveRecord::Base.connection
connection.execute('PRAGMA journal_mode=WAL')
connection.execute('PRAGMA synchronous=OFF') # a scratch database need not survive a power cut
ActiveRecord::Migration.verbose = false
connection.migration_context.migrate
ActiveRecord::Base.descendants.each(&:reset_column_information)
Redmine::DefaultData::Loader.load('en')

Setting.rest_api_enabled = '1'
Setting.notified_events = []
Setting.default_language = 'en'
Setting.login_required = '1'
Setting.session_lifetime = '0'

IssueCustomField.create!(name: 'Legacy id', field_format: 'string', is_filter: true,
                         is_for_all: true, visible: true, trackers: Tracker.all.to_a)
%w[net printers hr].each do |identifier|
  project = Project.create!(name: identifier.capitalize, identifier: identifier, is_public: true,
                            enabled_module_names: %w[issue_tracking])
  project.trackers = Tracker.all
  project.save!
end

admin = User.find_by(login: 'admin')
admin.update_columns(must_change_passwd: false)
puts Token.create!(user: admin, action: 'api').value
