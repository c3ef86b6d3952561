# Makes RT's database: schema, initial data, queues, custom fields, no scrips, and a token of root,
# which is the last line that it prints.
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib', '/usr/local/share/request-tracker5/lib';
use RT;
RT->LoadConfig;
RT->InitPluginPaths;
RT->InitClasses;
RT->InitLogging;
require RT::Handle;

sub must {
    my ($is_done, $message) = @_;
    die 'rt_prepare: ' . ($message // 'failed') . "\n" unless $is_done;
    return $is_done;
}

my $database = DBI->connect(RT::Handle->DSN, '', '', { RaiseError => 1, AutoCommit => 1 });
$database->do('PRAGMA journal_mode=WAL');
$database->do('PRAGMA synchronous=OFF');    # a scratch database need not survive a power cut
must(RT::Handle->InsertSchema($database));
$database->disconnect;
$RT::Handle = RT::Handle->new;
$RT::Handle->dbh(undef);
RT::ConnectToDatabase();
must($RT::Handle->InsertInitialData);
$RT::Handle = RT::Handle->new;
RT->Init;
must($RT::Handle->InsertData("$RT::EtcPath/initialdata", 'password', disconnect_after => 0));
RT->ConnectToDatabase;
RT->InitSystemObjects;

my $system = RT->SystemUser;
must(RT::Queue->new($system)->Create(Name => $_)) for qw(Network Printing Personnel);

my $field = RT::CustomField->new($system);
must($field->Create(Name => 'Legacy id', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket'));
must($field->AddToObject(RT::Queue->new($system)));

# An owner without this right is silently replaced by Nobody.
my $staff = RT::Group->new($system);
must($staff->LoadSystemInternalGroup('Privileged'));
must($staff->PrincipalObj->GrantRight(Right => 'OwnTicket', Object => $RT::System));

my $scrips = RT::Scrips->new($system);
$scrips->UnLimit;
while (my $scrip = $scrips->Next) { $scrip->SetDisabled(1) }

my $root = RT::User->new($system);
$root->Load('root');
my ($is_made, $message, $token) =
    RT::AuthToken->new($system)->Create(Owner => $root->Id, Description => 'migration');
must($is_made, $message);
print "$token\n";
