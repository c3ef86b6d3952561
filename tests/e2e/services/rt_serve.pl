# Serves RT's REST 2 interface without its pages. Arguments: a port of loopback, the workers.
use strict;
use warnings;
no warnings 'once';
use lib '/usr/share/request-tracker5/lib', '/usr/local/share/request-tracker5/lib';
use RT;
my ($port, $workers) = @ARGV;
RT->LoadConfig;
RT->InitPluginPaths;
RT->InitClasses;
RT->InitLogging;
require RT::Handle;
{   # a scratch database need not survive a power cut
    no warnings 'redefine';
    my $connect = \&RT::Handle::Connect;
    *RT::Handle::Connect = sub {
        my $connected = $connect->(@_);
        $_[0]->dbh->do('PRAGMA synchronous=OFF');
        return $connected;
    };
}
RT->Init;
require RT::REST2;
require RT::Interface::Web;
require RT::Interface::Web::Handler;
my $app = RT::REST2->PSGIWrap(sub { [404, ['Content-Type' => 'text/plain'], ["no such page\n"]] });
$RT::Handle->dbh->disconnect if $RT::Handle && $RT::Handle->dbh;
$RT::Handle->dbh(undef) if $RT::Handle;
undef $RT::Handle;    # each worker has a connection of its own
$SIG{PIPE} = 'IGNORE';
require Plack::Loader;
Plack::Loader->load('Starlet', host => '127.0.0.1', port => $port, max_workers => $workers,
    max_keepalive_reqs => 10000, keepalive_timeout => 10, timeout => 300)->run($app);
