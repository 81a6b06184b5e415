// Package postgrestest runs temporary PostgreSQL servers, from Debian's package. Tests use them,
// and so do commands that show a site on several servers.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL server with its data in a temporary folder. It listens on loopback only,
// and trusts all clients unless Options.Rules say otherwise.
type Server struct {
	Options

	folder  string
	port    int
	process *exec.Cmd
	ended   chan struct{} // closed when the process has ended
}

// Options are the options of a server.
type Options struct {
	Folder    string   // the parent of the data folder; "" is the temporary folder
	Settings  []string // of the form "fsync=off"
	Rules     []string // lines of pg_hba.conf, before the one that trusts all clients
	Cert, Key string   // files, for TLS
}

// startTimeout is how long a server may take to start, including recovery.
const startTimeout = 60 * time.Second

// Start makes and starts a server. Settings have the form "fsync=off". The caller must call Stop.
func Start(settings ...string) (*Server, error) { return StartWith(Options{Settings: settings}) }

// StartWith makes and starts a server with options.
func StartWith(options Options) (*Server, error) {
	folder, err := os.MkdirTemp(options.Folder, "plaza-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, Options: options}
	if err := s.initialize(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := s.Restart(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// initialize makes the data folder and finds a free port.
func (s *Server) initialize() error {
	credential, err := credential()
	if err != nil {
		return err
	}
	if credential != nil {
		if err := os.Chown(s.folder, int(credential.Uid), int(credential.Gid)); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		return err
	}
	initdb, err := s.command("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
		"--no-sync", s.data())
	if err != nil {
		return err
	}
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, said)
	}
	return s.admit()
}

// admit writes the rules before those of initdb, and copies the files for TLS.
func (s *Server) admit() error {
	path := filepath.Join(s.data(), "pg_hba.conf")
	trusting, err := os.ReadFile(path) //nolint:gosec // the server's own
	if err != nil {
		return err
	}
	rules := strings.Join(append(slices.Clone(s.Rules), string(trusting)), "\n")
	if err := os.WriteFile(path, []byte(rules), 0o600); err != nil { //nolint:gosec // the server's own
		return err
	}
	if s.Cert == "" {
		return nil
	}
	s.Settings = append(slices.Clone(s.Settings), "ssl=on", "ssl_cert_file=server.crt", "ssl_key_file=server.key")
	return errors.Join(s.takeIn(s.Cert, "server.crt"), s.takeIn(s.Key, "server.key"))
}

// takeIn copies a file into the data folder. PostgreSQL requires that it owns the file with its
// key.
func (s *Server) takeIn(file, name string) error {
	content, err := os.ReadFile(file) //nolint:gosec // made by a test
	if err != nil {
		return err
	}
	path := filepath.Join(s.data(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil { //nolint:gosec // the server's own
		return err
	}
	credential, err := credential()
	if err != nil || credential == nil {
		return err
	}
	return os.Chown(path, int(credential.Uid), int(credential.Gid))
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// Restart starts the server if it is not running, and waits until it answers.
func (s *Server) Restart() error {
	arguments := []string{
		"-D", s.data(), "-p", strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + s.folder, "-c", "max_connections=300",
	}
	for _, setting := range s.Settings {
		arguments = append(arguments, "-c", setting)
	}
	var err error
	if s.process, err = s.command("postgres", arguments...); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the process has its own descriptor
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		return err
	}
	s.ended = make(chan struct{})
	go func() {
		_ = s.process.Wait()
		close(s.ended)
	}()
	return s.wait()
}

// wait waits until the server answers.
func (s *Server) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for {
		err := s.do(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			said, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("postgres has ended: %s", said)
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Address returns the address of a database, as --db takes it.
func (s *Server) Address(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Pid returns the id of the server's main process, the parent of its others.
func (s *Server) Pid() int { return s.process.Process.Pid }

// Create makes an empty database.
func (s *Server) Create(ctx context.Context, database string) error {
	return s.do(ctx, `CREATE DATABASE `+pgx.Identifier{database}.Sanitize())
}

// CreateFrom makes a copy of a database. The database must have no connections.
func (s *Server) CreateFrom(ctx context.Context, template, database string) error {
	return s.do(ctx, `CREATE DATABASE `+pgx.Identifier{database}.Sanitize()+` STRATEGY file_copy TEMPLATE `+pgx.Identifier{template}.Sanitize())
}

// Drop removes a database, even if it has connections.
func (s *Server) Drop(ctx context.Context, database string) error {
	return s.do(ctx, `DROP DATABASE `+pgx.Identifier{database}.Sanitize()+` WITH (FORCE)`)
}

// do runs a statement on a connection of its own.
func (s *Server) do(ctx context.Context, statement string) error {
	connection, err := pgx.Connect(ctx, s.Address("postgres"))
	if err != nil {
		return err
	}
	_, err = connection.Exec(ctx, statement)
	return errors.Join(err, connection.Close(ctx))
}

// Halt kills the server as a crash would, and keeps its data. It returns when the process has
// ended.
func (s *Server) Halt() error { return s.end(syscall.SIGQUIT) }

// Keep keeps a copy of the data, for Rewind. Meanwhile the server is away.
func (s *Server) Keep() error {
	if err := s.end(syscall.SIGINT); err != nil {
		return err
	}
	return errors.Join(s.copyData(s.data(), s.kept()), s.Restart())
}

// Rewind goes back to the data that Keep has kept, as a failover to a server that lacks the latest
// commits does.
func (s *Server) Rewind() error {
	if err := s.Halt(); err != nil {
		return err
	}
	return errors.Join(s.copyData(s.kept(), s.data()), s.Restart())
}

func (s *Server) kept() string { return filepath.Join(s.folder, "kept") }

// copyData copies a folder of data, which keeps its owner.
func (s *Server) copyData(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	copying := exec.Command("cp", "--archive", from, to) //nolint:gosec // the server's own folders
	if said, err := copying.CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w: %s", err, said)
	}
	return nil
}

// Stop ends the server and removes its data.
func (s *Server) Stop() error {
	return errors.Join(s.end(syscall.SIGINT), os.RemoveAll(s.folder))
}

func (s *Server) end(signal syscall.Signal) error {
	if s.ended == nil {
		return nil
	}
	if err := s.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.ended
	return nil
}

// command returns a command that runs a PostgreSQL program. PostgreSQL refuses to run as root.
func (s *Server) command(name string, arguments ...string) (*exec.Cmd, error) {
	path, err := program(name)
	if err != nil {
		return nil, err
	}
	credential, err := credential()
	if err != nil {
		return nil, err
	}
	command := exec.Command(path, arguments...) //nolint:gosec // a PostgreSQL program
	command.Dir = s.folder
	// In a process group of its own, because Ctrl-C at a terminal would otherwise end the server
	// before Stop. If our process ends without Stop, the server ends too.
	command.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	return command, nil
}

// program returns the path of a PostgreSQL program of the newest version. Debian keeps them outside
// of PATH.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
	}
	path, err := exec.LookPath(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("there is no %s: install Debian's package postgresql", name)
	}
	return path, err
}

// version returns 15 for /usr/lib/postgresql/15/bin/postgres.
func version(path string) int {
	number, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return number
}

// credential returns the credential of the user that Debian's package makes. It returns nil if we
// are not root.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("install Debian's package postgresql: %w", err)
	}
	uid, err := strconv.ParseUint(postgres.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(postgres.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}
