(* The decomposition M = S + N of a certified formula (proofs/existence.md section 5: C3 and C4).

   Let S have the spectral projectors E_i for different l_i (Spectral.v), S N = N S, N^m = 0 and M = S + N. Then
   - M and S have the same characteristic polynomial; x is an eigenvalue of M if and only if some l_i = x has E_i <> 0;
   - E_i, S and N are polynomials in M, so they commute with all that commutes with M;
   - no other matrices decompose M in this way (Jordan and Chevalley). *)

From mathcomp Require Import all_ssreflect all_algebra.
From Symplrnn Require Import Spectral.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Lemma det_add_nilpotent (R : idomainType) n (A N : 'M[R]_n.+1) m :
  A * N = N * A -> N ^+ m = 0 -> \det A != 0 -> \det (A + N) = \det A.
Proof.
move=> comm nilp A0.
pose A' := map_mx polyC A; pose N' := 'X *: map_mx polyC N.
have comm' : GRing.comm A' (- N').
  rewrite /GRing.comm mulrN mulNr -scalerAr -scalerAl; congr (- (_ *: _)).
  by rewrite -![_ * _]map_mxM !mulmxE comm.
have nilp' : (- N') ^+ m = 0.
  by rewrite exprNn exprZn -rmorphX nilp rmorph0 scaler0 mulr0.
have := subrXX_comm m comm'.
rewrite nilp' subr0 opprK -rmorphX => /(congr1 determinant).
rewrite -mulmxE det_mulmx det_map_mx.
have detX : \det (A ^+ m) = (\det A) ^+ m.
  by elim: m {nilp nilp'} => [|k IH]; rewrite ?det1 // !exprS -mulmxE det_mulmx IH.
set p := \det (A' + N'); set q := \det (\sum_(_ < m) _) => pq.
have pq0 : p * q != 0 by rewrite -pq /= polyC_eq0 detX expf_neq0.
have : size (p * q) = 1%N by rewrite -pq /= size_polyC detX expf_neq0.
have [p0 q0] : p != 0 /\ q != 0 by apply/andP; rewrite -negb_or -mulf_eq0.
rewrite size_mul // => size_pq.
have : (size p <= 1)%N.
  have := size_poly_gt0 q; have := size_poly_gt0 p; rewrite p0 q0.
  by case: (size p) size_pq => [|[|a]] //; case: (size q) => [|b] //; rewrite addSn addnS.
move/size1_polyC => const.
have value t : p.[t] = \det (A + t *: N).
  rewrite -[LHS]/(horner_eval t p) -det_map_mx; congr (\det _).
  by apply/matrixP => i j; rewrite !mxE /= /horner_eval !hornerE.
rewrite -[in LHS](scale1r N) -value const hornerC -(hornerC p`_0 0) -const value.
by rewrite scale0r addr0.
Qed.

Lemma nilpotentB (R : ringType) (x y : R) a b :
  GRing.comm x y -> x ^+ a = 0 -> y ^+ b = 0 -> (x - y) ^+ (a + b) = 0.
Proof.
move=> comm xa yb; rewrite exprBn_comm // big1 // => i _.
have [bi|ib] := leqP b i; last first.
  by rewrite -addnBA ?(ltnW ib) // [x ^+ (a + _)]exprD xa mul0r mulr0 mul0r mul0rn.
have -> : y ^+ i = 0 by rewrite -(subnKC bi) exprD yb mul0r.
by rewrite mulr0 mul0rn.
Qed.

Section Jordan.

Variables (F : fieldType) (n : nat) (I : finType) (S N : 'M[F]_n.+1) (l : I -> F) (E : I -> 'M[F]_n.+1) (m : nat).
Hypotheses (spec : spectral S l E) (comm : S * N = N * S) (nilp : N ^+ m = 0).

Local Notation M := (S + N).

Theorem jordan_char_poly : char_poly M = char_poly S.
Proof.
rewrite /char_poly /char_poly_mx map_mxD opprD addrA.
apply: (@det_add_nilpotent _ _ _ _ m).
- rewrite mulrN mulNr mulrBl mulrBr; congr (- (_ - _)); first by rewrite -!mulmxE scalar_mxC.
  by rewrite -![_ * _]map_mxM !mulmxE comm.
- by rewrite exprNn -rmorphX /= nilp map_mx0 mulr0.
- exact: monic_neq0 (char_poly_monic S).
Qed.

Theorem jordan_eigenvalue x : eigenvalue M x <-> exists2 i, l i = x & E i != 0.
Proof.
have [inj sum eigen] := spec.
rewrite eigenvalue_root_char jordan_char_poly -eigenvalue_root_char; split=> [/eigenvalueP[v vS v0]|[i <- Ei0]].
  have [i vE|zero] := pickP (fun i => v *m E i != 0); last first.
    by case/eqP: v0; rewrite -[v]mulmx1 -[1%:M]/(1 : 'M_n.+1) -sum mulmx_sumr big1 // => i _; apply/eqP/negbFE/zero.
  have : (l i - x) *: (v *m E i) == 0.
    by rewrite scalerBl scalemxAr -eigen -mulmxE mulmxA vS -scalemxAl subrr.
  rewrite scaler_eq0 (negPf vE) orbF subr_eq0 => /eqP lx.
  by exists i => //; apply: contraNneq vE => ->; rewrite mulmx0.
apply: contraNneq Ei0 => zero; rewrite -submx0 -zero; apply/eigenspaceP.
by rewrite mulmxE -(spectral_comm spec i (erefl (S * S))) eigen.
Qed.

(* On the range of E_i, M - l_i is N. *)
Lemma jordan_projector_comm i : E i * N = N * E i.
Proof. by rewrite (spectral_comm spec). Qed.

Lemma jordan_power i k : (M - (l i)%:M) ^+ k * E i = N ^+ k * E i.
Proof.
have [_ _ eigen] := spec.
have step : (M - (l i)%:M) * E i = N * E i.
  by rewrite mulrBl mulrDl eigen [(l i)%:M * _]mul_scalar_mx addrAC subrr add0r.
elim: k => [|k IH]; first by rewrite !expr0.
by rewrite exprSr -mulrA step -jordan_projector_comm mulrA IH -mulrA jordan_projector_comm mulrA -exprSr.
Qed.

Lemma jordan_vanish p i : ('X - (l i)%:P) ^+ m %| p -> horner_mx M p * E i = 0.
Proof.
case/dvdpP=> q ->; rewrite rmorphM rmorphX rmorphB /= horner_mx_X horner_mx_C.
by rewrite -mulrA jordan_power nilp mul0r mulr0.
Qed.

Theorem jordan_projector_polynomial i : exists p, E i = horner_mx M p.
Proof.
have [inj sum eigen] := spec.
pose a := ('X - (l i)%:P) ^+ m; pose b := \prod_(j | j != i) ('X - (l j)%:P) ^+ m.
have cop : coprimep a b.
  rewrite coprimep_expl //; apply: (big_ind (coprimep ('X - (l i)%:P))); first exact: coprimep1.
    by move=> x y; rewrite coprimepMr => -> ->.
  move=> j ji; rewrite coprimep_expr // coprimep_XsubC root_XsubC eq_sym.
  by apply: contra ji => /eqP /inj ->.
have [[u v] /= uv] := Bezout_eq1_coprimepP _ _ cop.
exists (v * b); rewrite -[RHS]mulr1 -sum mulr_sumr (bigD1 i) //= [X in _ + X]big1 => [|j ji]; last first.
  by apply: jordan_vanish; rewrite dvdp_mull // /b (bigD1 j) //= dvdp_mulr.
have -> : v * b = 1 - u * a by rewrite -uv addrC addKr.
by rewrite rmorphB rmorph1 mulrBl mul1r jordan_vanish ?subr0 ?addr0 // dvdp_mull.
Qed.

Theorem jordan_polynomial : exists p, S = horner_mx M p /\ N = horner_mx M ('X - p).
Proof.
have [p Ep] := fin_all_exists jordan_projector_polynomial.
pose q := \sum_i l i *: p i.
have Sq : S = horner_mx M q.
  by rewrite linear_sum {1}(spectral_sum spec); apply: eq_bigr => i _; rewrite linearZ /= -Ep.
by exists q; split=> //; rewrite rmorphB /= horner_mx_X -Sq addrC addKr.
Qed.

Theorem jordan_comm A : A * M = M * A -> [/\ A * S = S * A, A * N = N * A & forall i, A * E i = E i * A].
Proof.
move=> AM; have [p [Sp Np]] := jordan_polynomial.
split; [rewrite Sp; exact: comm_mx_horner | rewrite Np; exact: comm_mx_horner |].
by move=> i; have [q ->] := jordan_projector_polynomial i; apply: comm_mx_horner.
Qed.

End Jordan.

Section Unique.

Variables (F : fieldType) (n : nat) (I J : finType).
Variables (S N : 'M[F]_n.+1) (l : I -> F) (E : I -> 'M[F]_n.+1) (m : nat).
Variables (S' N' : 'M[F]_n.+1) (l' : J -> F) (E' : J -> 'M[F]_n.+1) (m' : nat).
Hypotheses (spec : spectral S l E) (comm : S * N = N * S) (nilp : N ^+ m = 0).
Hypotheses (spec' : spectral S' l' E') (comm' : S' * N' = N' * S') (nilp' : N' ^+ m' = 0).

Theorem jordan_unique : S + N = S' + N' -> S = S' /\ N = N'.
Proof.
move=> eq.
have S'M : S' * (S + N) = (S + N) * S' by rewrite eq mulrDl mulrDr comm'.
have [S'S S'N S'E] := jordan_comm spec comm nilp S'M.
have N'M : N' * (S + N) = (S + N) * N' by rewrite eq mulrDl mulrDr comm'.
have [N'S N'N N'E] := jordan_comm spec comm nilp N'M.
have diff : S - S' = N' - N by apply/eqP; rewrite subr_eq addrAC [N' + _]addrC -eq addrK.
have nilpD : (N' - N) ^+ (m' + m) = 0.
  by apply: nilpotentB nilp' nilp; rewrite /GRing.comm N'N.
suff zero : S - S' = 0.
  have /eqP := zero; rewrite subr_eq0 => /eqP SS'; split=> //.
  by apply/esym/eqP; rewrite -subr_eq0 -diff zero.
have [_ sum eigen] := spec; have [_ sum' eigen'] := spec'.
rewrite -[LHS]mulr1 -sum mulr_sumr big1 // => i _.
rewrite -[LHS]mulr1 -sum' mulr_sumr big1 // => j _.
set X := E i * E' j.
have DX : (S - S') * X = (l i - l' j) *: X.
  by rewrite mulrBl !mulrA eigen S'E -(mulrA (E i)) eigen' -scalerAl -scalerAr scalerBl.
have DXk k : (S - S') ^+ k * X = (l i - l' j) ^+ k *: X.
  elim: k => [|k IH]; first by rewrite !expr0 mul1r scale1r.
  by rewrite exprSr -mulrA DX -scalerAr IH scalerA -exprS.
have := DXk (m' + m)%N; rewrite {1}diff nilpD mul0r => /esym/eqP.
rewrite scaler_eq0 expf_eq0 -[_ * _ * _]mulrA -/X => /orP[/andP[_ /eqP eq0]|/eqP X0].
  by rewrite DX eq0 scale0r.
by rewrite X0 mulr0.
Qed.

End Unique.
