package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Go does not say whether a variable is read before or after a call beside it: in return x, f(&x), the
// caller may get the x of before f. See https://go.dev/ref/spec#Order_of_evaluation. So no list of
// expressions may hold both a call and a variable that the call may change.
func TestNothingReliesOnTheOrderOfEvaluation(t *testing.T) {
	t.Parallel()
	for folder, files := range packages(t, "../..") {
		for _, found := range unordered(t, folder, files) {
			t.Error(found)
		}
	}
}

// The check finds what it looks for, and nothing else.
func TestOrderOfEvaluationIsChecked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		found      bool
	}{
		{"a function that assigns", `x := 0; return x, call(func() { x = 1 })`, true},
		{"a function that appends", `var x []int; return x, call(func() { x = append(x, 1) })`, true},
		{"a function that counts", `x := 0; return x, call(func() { x++ })`, true},
		{"a function that ranges", `x := 0; return x, call(func() { for x = range 3 {} })`, true},
		{"a function with a name", `x := 0; set := func() { x = 1 }; return x, call(set)`, true},
		{"an address", `x := 0; return x, call(&x)`, true},
		{"an earlier address", `x := 0; keep(&x); return x, call()`, true},
		{"a field", `var x struct{ a int }; return x, call(func() { x.a = 1 })`, true},
		{"a field that is read", `var x struct{ a int }; return x.a, call(&x.a)`, true},
		{"an element of an array", `var x [3]int; return x, call(func() { x[0] = 1 })`, true},
		{"a variable in a literal", `x := 0; return []int{x}, call(&x)`, true},
		{"an assignment", `x := 0; a, b := x, call(&x); return a, b`, true},
		{"arguments", `x := 0; return nil, two(x, call(&x))`, true},
		{"elements of a literal", `x := 0; return nil, []any{x, call(&x)}[0]`, true},
		{"a method with a pointer", `var x counter; return x, x.count()`, true},
		{"a function that fills a map", `x := map[int]int{}; return x, call(func() { x[1] = 1 })`, false},
		{"a variable of the function", `x := 0; return x, call(func() { x := 1; x = 2; _ = x })`, false},
		{"two statements", `x := 0; err := call(&x); return x, err`, false},
		{"no call", `x := 0; call(&x); return x, nil`, false},
		{"a conversion", `x := 0; call(&x); return x, any(x)`, false},
		{"a built-in function", `x := []int{}; call(&x); return x, len(x)`, false},
		{"a call of a variable", `x := 0; call(&x); return two(x, 1), nil`, false},
		{"a function without a call", `x := 0; return x, func() { x = 1 }`, false},
		{"no list", `x := 0; call(func() { x = 1 }); return x, nil`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := []string{filepath.Join(t.TempDir(), "example.go")}
			source := "package example\nfunc call(...any) error\nfunc keep(any)\nfunc two(a, b any) any\ntype counter struct{ n int }\n" +
				"func (c *counter) count() error { c.n++; return nil }\nfunc _() (any, any) {\n" + test.body + "\n}\n"
			if err := os.WriteFile(files[0], []byte(source), 0o600); err != nil {
				t.Fatal(err)
			}
			if found := unordered(t, "example", files); (len(found) > 0) != test.found {
				t.Errorf("%s: found %q", test.body, found)
			}
		})
	}
}

// packages returns the files of all packages in a folder, by their folders and names.
func packages(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go"):
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly)
			if err != nil {
				return err
			}
			name := filepath.Join(filepath.Dir(path), file.Name.Name)
			found[name] = append(found[name], path)
		}
		return nil
	})
	if err != nil || len(found) < 10 {
		t.Fatalf("%d packages: %v", len(found), err)
	}
	return found
}

// unordered returns where a package relies on the order of evaluation. It looks at the files alone:
// the types of other packages are unknown.
func unordered(t *testing.T, name string, paths []string) []string {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	config := types.Config{Importer: noImports{}, Error: func(error) {}, DisableUnusedImportCheck: true}
	_, _ = config.Check(name, set, files, info)
	c := &orderCheck{set: set, info: info, changeable: map[types.Object]bool{}}
	for _, file := range files {
		ast.Inspect(file, c.noteChanges)
	}
	for _, file := range files {
		ast.Inspect(file, c.check)
	}
	return c.found
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

type orderCheck struct {
	set        *token.FileSet
	info       *types.Info
	changeable map[types.Object]bool // the variables that calls may change
	found      []string
}

// noteChanges notes the variables that a call may change by a node: those whose address is taken, and
// those that a function assigns which does not declare them.
func (c *orderCheck) noteChanges(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.UnaryExpr:
		if node.Op == token.AND {
			c.change(node.X, nil)
		}
	case *ast.CallExpr:
		if method, ok := ast.Unparen(node.Fun).(*ast.SelectorExpr); ok && c.takesAddress(method) {
			c.change(method.X, nil)
		}
	case *ast.FuncLit:
		ast.Inspect(node.Body, func(inner ast.Node) bool {
			switch inner := inner.(type) {
			case *ast.AssignStmt:
				for _, assigned := range inner.Lhs {
					c.change(assigned, node)
				}
			case *ast.IncDecStmt:
				c.change(inner.X, node)
			case *ast.RangeStmt:
				for _, assigned := range []ast.Expr{inner.Key, inner.Value} {
					if assigned != nil {
						c.change(assigned, node)
					}
				}
			}
			return true
		})
	}
	return true
}

// takesAddress tells whether a call of a method takes the address of its variable.
func (c *orderCheck) takesAddress(method *ast.SelectorExpr) bool {
	selection := c.info.Selections[method]
	if selection == nil || selection.Kind() != types.MethodVal {
		return false
	}
	_, points := selection.Recv().(*types.Pointer)
	_, wants := selection.Obj().Type().(*types.Signature).Recv().Type().(*types.Pointer)
	return wants && !points && !selection.Indirect()
}

// change notes the variable that an expression is or is a part of, unless within declares it.
func (c *orderCheck) change(part ast.Expr, within *ast.FuncLit) {
	variable := c.variable(part)
	if variable != nil && (within == nil || variable.Pos() < within.Pos() || variable.Pos() > within.End()) {
		c.changeable[variable] = true
	}
}

// variable returns the local variable that an expression is or is a part of; nil if it is something else,
// such as what a pointer points to.
func (c *orderCheck) variable(part ast.Expr) types.Object {
	switch part := part.(type) {
	case *ast.ParenExpr:
		return c.variable(part.X)
	case *ast.SelectorExpr:
		if c.isIndirect(part.X) {
			return nil
		}
		return c.variable(part.X)
	case *ast.IndexExpr:
		if _, ok := c.underlying(part.X).(*types.Array); ok {
			return c.variable(part.X)
		}
	case *ast.Ident:
		variable, ok := c.info.ObjectOf(part).(*types.Var)
		if ok && !variable.IsField() && variable.Parent() != nil && variable.Pkg() != nil && variable.Parent() != variable.Pkg().Scope() {
			return variable
		}
	}
	return nil
}

func (c *orderCheck) isIndirect(e ast.Expr) bool {
	_, ok := c.underlying(e).(*types.Pointer)
	return ok
}

func (c *orderCheck) underlying(e ast.Expr) types.Type {
	found := c.info.TypeOf(e)
	if found == nil {
		return nil
	}
	return found.Underlying()
}

// check notes a list of expressions that relies on the order of evaluation. Beside a returned variable, no
// call may stand: it may have got the address before. In other lists, only those calls count that get the
// address, or a function that assigns the variable.
func (c *orderCheck) check(node ast.Node) bool {
	var list []ast.Expr
	changes := c.changesOf
	switch node := node.(type) {
	case *ast.ReturnStmt:
		list, changes = node.Results, func(ast.Expr) map[types.Object]bool { return c.changeable }
	case *ast.AssignStmt:
		list = node.Rhs
	case *ast.CallExpr:
		list = node.Args
	case *ast.CompositeLit:
		list = node.Elts
	}
	for i, expression := range list {
		for _, read := range c.reads(expression) {
			if slices.ContainsFunc(slices.Delete(slices.Clone(list), i, i+1), func(beside ast.Expr) bool {
				return c.calls(beside) && changes(beside)[c.info.Uses[read]]
			}) {
				c.found = append(c.found, c.set.Position(read.Pos()).String()+": "+read.Name+" is read beside a call that may change it")
			}
		}
	}
	return true
}

// changesOf returns the variables that an expression gives a call to change.
func (c *orderCheck) changesOf(expression ast.Expr) map[types.Object]bool {
	within := &orderCheck{info: c.info, changeable: map[types.Object]bool{}}
	ast.Inspect(expression, within.noteChanges)
	return within.changeable
}

// reads returns the changeable variables whose values an expression holds. A call takes its own
// arguments in order.
func (c *orderCheck) reads(expression ast.Expr) []*ast.Ident {
	var found []*ast.Ident
	ast.Inspect(expression, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			return node.Op != token.AND
		case *ast.CallExpr:
			return !c.isCall(node)
		case *ast.KeyValueExpr:
			found = append(found, c.reads(node.Value)...)
			return false
		case *ast.SelectorExpr:
			if variable := c.variable(node); variable == nil {
				return true
			}
		case *ast.Ident:
			if variable, ok := c.info.Uses[node]; ok && c.changeable[variable] {
				found = append(found, node)
			}
		}
		return true
	})
	return found
}

// calls tells whether an expression holds a call.
func (c *orderCheck) calls(expression ast.Expr) bool {
	found := false
	ast.Inspect(expression, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = found || c.isCall(node)
		}
		return !found
	})
	return found
}

// isCall tells whether a call is one of a function: not a conversion, nor of a function of the language.
func (c *orderCheck) isCall(call *ast.CallExpr) bool {
	called := c.info.Types[call.Fun]
	return !called.IsType() && !called.IsBuiltin()
}
