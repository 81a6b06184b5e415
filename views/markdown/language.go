package markdown

import (
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// language is a language that we highlight.
type language struct {
	label   string   // as its community writes it
	source  string   // chroma's name of the lexer
	aliases []string // other names that people write after a fence, in lower case

	once    sync.Once
	guarded chroma.Lexer
}

// The languages that we highlight. The tests try each. Other languages have no colours. After a
// change of the list, run make generate, which makes lexers.zip. Never add jsonata, jungle or
// yang: they loop or panic on a single character.
var languages = []*language{
	{label: "Assembly", source: "GAS", aliases: []string{"asm", "assembler", "s"}},
	{label: "Assembly (NASM)", source: "NASM", aliases: []string{"x86asm"}},
	{label: "Awk", source: "Awk", aliases: []string{"gawk"}},
	{label: "Batch", source: "Batchfile", aliases: []string{"bat", "cmd"}},
	{label: "C", source: "C", aliases: []string{"h"}},
	{label: "C#", source: "C#", aliases: []string{"cs", "csharp"}},
	{label: "C++", source: "C++", aliases: []string{"cpp", "cc", "cxx", "hpp"}},
	{label: "Clojure", source: "Clojure", aliases: []string{"clj", "cljs", "edn"}},
	{label: "CMake", source: "CMake"},
	{label: "Crystal", source: "Crystal", aliases: []string{"cr"}},
	{label: "CSS", source: "CSS"},
	{label: "D", source: "D", aliases: []string{"dlang"}},
	{label: "Dart", source: "Dart"},
	{label: "Diff", source: "Diff", aliases: []string{"patch", "udiff"}},
	{label: "Dockerfile", source: "Docker", aliases: []string{"containerfile"}},
	{label: "Elixir", source: "Elixir", aliases: []string{"ex", "exs"}},
	{label: "Elm", source: "Elm"},
	{label: "Erlang", source: "Erlang", aliases: []string{"erl"}},
	{label: "F#", source: "FSharp", aliases: []string{"fs"}},
	{label: "Fish", source: "Fish"},
	{label: "Fortran", source: "Fortran", aliases: []string{"f90"}},
	{label: "Gleam", source: "Gleam"},
	{label: "GLSL", source: "GLSL"},
	{label: "Go", source: "Go", aliases: []string{"golang"}},
	{label: "GraphQL", source: "GraphQL", aliases: []string{"gql"}},
	{label: "Groovy", source: "Groovy", aliases: []string{"gradle"}},
	{label: "Haskell", source: "Haskell", aliases: []string{"hs"}},
	{label: "HCL", source: "HCL"},
	{label: "HTML", source: "HTML", aliases: []string{"htm", "xhtml"}},
	{label: "INI", source: "INI", aliases: []string{"cfg", "conf", "editorconfig", "gitconfig"}},
	{label: "Java", source: "Java"},
	{label: "JavaScript", source: "JavaScript", aliases: []string{"js", "mjs", "cjs", "node"}},
	{label: "JSON", source: "JSON", aliases: []string{"jsonc", "json5", "jsonl", "geojson"}},
	{label: "JSX", source: "react"},
	{label: "Julia", source: "Julia", aliases: []string{"jl"}},
	{label: "Kotlin", source: "Kotlin", aliases: []string{"kt", "kts"}},
	{label: "LaTeX", source: "TeX"},
	{label: "Lua", source: "Lua"},
	{label: "Makefile", source: "Makefile", aliases: []string{"make", "mk"}},
	{label: "Markdown", source: "markdown", aliases: []string{"md"}},
	{label: "MATLAB", source: "Matlab", aliases: []string{"octave"}},
	{label: "MySQL", source: "MySQL", aliases: []string{"mariadb"}},
	{label: "Nginx", source: "Nginx configuration file", aliases: []string{"nginxconf"}},
	{label: "Nim", source: "Nim"},
	{label: "Nix", source: "Nix"},
	{label: "Objective-C", source: "Objective-C", aliases: []string{"objc", "obj-c", "objectivec"}},
	{label: "OCaml", source: "OCaml", aliases: []string{"ml", "reason"}},
	{label: "Pascal", source: "ObjectPascal", aliases: []string{"delphi"}},
	{label: "Perl", source: "Perl", aliases: []string{"pl"}},
	{label: "PHP", source: "PHP"},
	{label: "PostgreSQL", source: "PostgreSQL SQL dialect", aliases: []string{"postgres", "pgsql", "psql"}},
	{label: "PowerShell", source: "PowerShell", aliases: []string{"ps1", "pwsh", "posh"}},
	{label: "Protocol Buffers", source: "Protocol Buffer", aliases: []string{"protobuf", "proto"}},
	{label: "Python", source: "Python", aliases: []string{"py", "python3", "py3"}},
	{label: "R", source: "R", aliases: []string{"rlang"}},
	{label: "Ruby", source: "Ruby", aliases: []string{"rb"}},
	{label: "Rust", source: "Rust", aliases: []string{"rs"}},
	{label: "Sass", source: "Sass"},
	{label: "Scala", source: "Scala"},
	{label: "Scheme", source: "Scheme", aliases: []string{"scm", "lisp"}},
	{label: "SCSS", source: "SCSS"},
	{label: "Shell", source: "Bash", aliases: []string{"sh", "zsh", "ksh"}},
	{label: "Shell session", source: "Bash Session", aliases: []string{"console", "shell-session", "shellsession", "terminal"}},
	{label: "Solidity", source: "Solidity", aliases: []string{"sol"}},
	{label: "SQL", source: "SQL", aliases: []string{"sqlite"}},
	{label: "Swift", source: "Swift"},
	{label: "Tcl", source: "Tcl"},
	{label: "Terraform", source: "Terraform", aliases: []string{"tf"}},
	{label: "TOML", source: "TOML"},
	{label: "TypeScript", source: "TypeScript", aliases: []string{"ts", "tsx", "mts", "cts"}},
	{label: "Verilog", source: "verilog"},
	{label: "VHDL", source: "VHDL"},
	{label: "Vim script", source: "VimL", aliases: []string{"vim", "vimscript"}},
	{label: "Visual Basic", source: "VB.net", aliases: []string{"vb", "vbnet"}},
	{label: "WebAssembly", source: "WebAssembly Text Format", aliases: []string{"wat", "wast", "wasm"}},
	{label: "XML", source: "XML", aliases: []string{"svg", "xsd", "xsl", "plist"}},
	{label: "YAML", source: "YAML", aliases: []string{"yml"}},
	{label: "Zig", source: "Zig"},
}

// languageOf returns the language with the name or alias, without guessing.
func languageOf(name string) (*language, bool) {
	l, ok := languagesByName()[strings.ToLower(name)]
	return l, ok
}

var languagesByName = sync.OnceValue(func() map[string]*language {
	byName := map[string]*language{}
	for _, l := range languages {
		for _, name := range append([]string{l.label, l.source}, l.aliases...) {
			byName[strings.ToLower(name)] = l
		}
	}
	return byName
})
